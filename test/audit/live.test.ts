import { expect, test } from "bun:test"
import { auditSale } from "../../src/audit/audit-sale.ts"
import { random } from "./correct-sale.ts"
import { type Evidence, SALE_ID, SimulatedSale } from "./simulated-sale.ts"

const PAGE = 5

/** A sale with holds that continues before every page of the audit: buyers reserve, confirm, cancel or do nothing. */
async function auditWhileSelling(seed: number) {
  const next = random(seed)
  const price = { amount: 100, currency: "IDR" }
  const items = [{ sku: "shoe", name: "Shoe", price, total: 40 }]
  const simulated = await SimulatedSale.open({ checkout: "hold", holdSeconds: 5, limitPerCustomer: 2, items })
  let buyer = 0
  const sellSome = async (steps: number): Promise<Evidence> => {
    for (let step = 0; step < steps; step++) {
      simulated.now += Math.floor(next() * 800)
      const orders = await simulated.inventory.orders(SALE_ID, 0, 1000)
      const orderId = orders[Math.floor(next() * orders.length)]?.id
      if (orderId === undefined || next() < 0.6)
        await simulated.buy([{ customer: `c${buyer % 30}`, key: `k${buyer++}` }])
      else if (next() < 0.5) await simulated.decide({ kind: "confirm", orderId })
      else await simulated.decide({ kind: "release", orderId, reason: "cancelled" })
    }
    return simulated.evidence()
  }
  await sellSome(30)
  // The number of pages is limited, because the sale continues as fast as the audit reads.
  let busy = 40
  const read = () => sellSome(busy-- > 0 ? Math.floor(next() * 4) : 0)
  return auditSale({
    sale: async () => (await read()).sale,
    facts: async after => {
      const { page, next } = pageOf((await read()).facts, fact => fact.seq, after)
      return { facts: page, next }
    },
    orders: async after => {
      const { page, next } = pageOf((await read()).orders, order => Number(/\d+/.exec(order.id)![0]), after)
      return { orders: page, next }
    },
  })
}

function pageOf<Item>(items: Item[], place: (item: Item) => number, after: number): { page: Item[]; next?: number } {
  const rest = items.filter(item => place(item) > after)
  const page = rest.slice(0, PAGE)
  return { page, ...(rest.length > PAGE && { next: place(page.at(-1)!) }) }
}

test("30 sales pass an audit that runs while they sell", async () => {
  for (let seed = 1; seed <= 30; seed++) {
    const { violations } = await auditWhileSelling(seed)
    expect({ seed, violations }).toEqual({ seed, violations: [] })
  }
}, 60_000)
