import { expect, test } from "bun:test"
import { type Decide, decide } from "../../src/core/rules.ts"
import type { Customer } from "../../src/core/store-transaction.ts"
import { expectCaught, auditEvidence as judge } from "./audit-evidence.ts"
import { SimulatedSale } from "./simulated-sale.ts"

/** A store that forgets how many orders of a customer were released, and when. */
const forgetsReleases: Decide = (transaction, command, now, hash) => {
  const customer: typeof transaction.customer = (sale, customerId) => {
    const known = transaction.customer(sale, customerId)
    const forgotten: Partial<Customer> = { releases: 0, releasedAt: undefined }
    return known && { ...known, ...forgotten }
  }
  return decide({ ...transaction, customer }, command, now, hash)
}

/** Ann holds and cancels, again and again, a second apart. */
async function churned(terms: object, rules?: Decide): Promise<SimulatedSale> {
  const world = await SimulatedSale.open({ checkout: "hold", holdSeconds: 30, ...terms }, rules)
  for (let at = 0; at < 4; at++) {
    const [answer] = await world.buy([{ customer: "ann", key: `k${at}` }])
    if (answer?.order) await world.decide({ kind: "release", orderId: answer.order.id, reason: "cancelled" })
    world.now += 1000
  }
  return world
}

test("given a store that keeps maxReleases and cool-downs, the audit agrees, and with its refusals too", async () => {
  for (const terms of [{ maxReleases: 2 }, { maxReleases: 4, cooldownSeconds: 2 }, {}]) {
    expect((await judge(await (await churned(terms)).evidence())).violations).toEqual([])
  }
})

test("an order after as many releases as the sale allows breaks I4", async () => {
  const report = await judge(await (await churned({ maxReleases: 2 }, forgetsReleases)).evidence())
  expectCaught(report, "I4", /gives ann an order after 2 releases, but the sale allows 2/)
})

test("an order during a cool-down breaks I4", async () => {
  const report = await judge(await (await churned({ cooldownSeconds: 2 }, forgetsReleases)).evidence())
  expectCaught(report, "I4", /gives ann an order 1000 ms after a release, but the cool-down is 2 s/)
})

test("limit_reached without a reason, and sold_out where releases take precedence, break I3", async () => {
  const world = await churned({ maxReleases: 2 })
  const evidence = await world.evidence()
  const limited = evidence.history.findIndex(line => line.type === "fail" && line.code === "limit_reached")
  const saying = (at: number, code: string) => ({
    ...evidence,
    history: evidence.history.map((line, index) => (index === at ? ({ ...line, code } as typeof line) : line)),
  })
  expectCaught(await judge(saying(limited, "sold_out")), "I3", /limit_reached takes precedence: 2 orders had been/)
})
