import type { HistoryLine } from "../../../src/audit/history.ts"
import type { Answer, Reserve } from "../../../src/core/command.ts"
import { History } from "../../support/stores/evidence.ts"
import { OPENS, type Purchase, type Shop } from "../../support/stores/shop.ts"

/** Runs commands on which every planted bug has an effect. It asserts nothing; the audit does. */
export async function runScenario(shop: Shop): Promise<HistoryLine[]> {
  const history = new History()
  const attempt = async (...attempts: Reserve[]): Promise<Answer[]> => {
    const answered = history.sent(attempts)
    const answers = await shop.inventory.decide(attempts)
    answered(answers)
    return answers
  }
  const buy = (customer: string, key: string, purchase: Purchase) => attempt(shop.attempt(customer, key, purchase))
  await sellOut(shop, attempt, buy)
  await sellHolds(shop, buy)
  return history.lines
}

type Buy = (customer: string, key: string, purchase: Purchase) => Promise<Answer[]>

/** Too many attempts for two units, retries, attempts over the limit, and a restock. */
async function sellOut(shop: Shop, attempt: (...attempts: Reserve[]) => Promise<Answer[]>, buy: Buy): Promise<void> {
  const sale = "rush"
  shop.at(-1000)
  await shop.create({ id: sale, total: 2, limitPerCustomer: 1 })
  shop.at(-1)
  await buy("zoe", "k0", { sale })
  shop.at(0)
  await attempt(...["ann", "bob", "eve", "dan"].map(name => shop.attempt(name, "k", { sale })))
  for (const name of ["ann", "bob", "eve"]) await buy(name, "k", { sale })
  await shop.decide({ kind: "restock", saleId: sale, sku: "shoe", units: 20 })
  for (const key of ["k2", "k3", "k4"]) await buy("ida", key, { sale })
  for (const name of ["ann", "bob", "eve", "dan"]) await buy(name, "k", { sale })
}

/** A limit of two, and holds that are confirmed, cancelled and left to expire. */
async function sellHolds(shop: Shop, buy: Buy): Promise<void> {
  const sale = "basket"
  await shop.create({ id: sale, total: 5, limitPerCustomer: 2, holdSeconds: 60, closesAt: OPENS + 1e9 })
  await buy("ann", "a", { sale })
  await buy("ann", "a", { sale })
  shop.at(30_000)
  const [bob] = await buy("bob", "b", { sale })
  const [eve] = await buy("eve", "e", { sale })
  shop.at(60_000)
  await buy("dan", "d", { sale })
  await buy("dan", "d", { sale })
  if (bob?.order) await shop.confirm(bob.order.id)
  if (eve?.order) await shop.cancel(eve.order.id)
}
