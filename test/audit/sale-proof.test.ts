import { describe, expect, test } from "bun:test"
import { auditSale } from "../../src/audit/audit-sale.ts"
import { SaleProof } from "../../src/audit/sale-proof.ts"
import { rechain } from "./audit-evidence.ts"
import { type Evidence, OPENS_AT, SimulatedSale } from "./simulated-sale.ts"

function prove({ sale, facts, orders }: Evidence) {
  const proof = new SaleProof(sale)
  for (const fact of facts) proof.fact(fact)
  for (const order of orders) proof.order(order)
  return proof.report()
}

/** The audit that an administrator runs, which keeps every order. */
function audit({ sale, facts, orders }: Evidence) {
  return auditSale({
    sale: async () => sale,
    facts: async after => ({ facts: after === 0 ? facts : [] }),
    orders: async () => ({ orders }),
  })
}

/** The names of the checks that failed. */
const failed = ({ checks }: ReturnType<typeof prove>) => checks.filter(({ ok }) => !ok).map(({ name }) => name)

/** Holds that were confirmed, cancelled, expired and are still open. */
async function holds(): Promise<Evidence> {
  const world = await SimulatedSale.open({ checkout: "hold", holdSeconds: 30, limitPerCustomer: 2 })
  const answers = await world.buy(["ann", "bob", "eve", "dan"].map(customer => ({ customer, key: "k" })))
  await world.decide({ kind: "confirm", orderId: answers[0]!.order!.id })
  await world.decide({ kind: "release", orderId: answers[1]!.order!.id, reason: "cancelled" })
  world.now = OPENS_AT + 31_000
  await world.decide()
  await world.buy([{ customer: "bob", key: "k2", quantity: 2 }])
  return world.evidence()
}

async function instant(): Promise<Evidence> {
  const world = await SimulatedSale.open({ limitPerCustomer: 2 })
  await world.buy(["ann", "bob", "eve"].map(customer => ({ customer, key: "k" })))
  await world.buy([{ customer: "ann", key: "k2" }])
  return world.evidence()
}

describe("the proof in little memory", () => {
  test.each([holds, instant])("says of a correct sale what the audit says: %p", async open => {
    const evidence = await open()
    const { checks, totals, ok } = await audit(evidence)
    const proof = prove(evidence)
    expect(failed(proof)).toEqual([])
    expect({ ok: proof.ok, totals: proof.totals }).toEqual({ ok, totals })
    const made = checks.filter(({ name, skipped }) => !skipped && proof.checks.some(check => check.name === name))
    expect(proof.checks.map(({ name }) => name)).toEqual(made.map(({ name }) => name))
  })

  const lies: Record<string, (evidence: Evidence) => Evidence> = {
    "an order is missing from the table": one => ({ ...one, orders: one.orders.slice(1) }),
    "an order is in the table twice": one => ({ ...one, orders: [...one.orders, one.orders[0]!] }),
    "an order of the table is somebody else's": one => ({
      ...one,
      orders: one.orders.map((order, at) => (at === 0 ? { ...order, customerId: "mallory" } : order)),
    }),
    "an order of the table has another state": one => ({
      ...one,
      orders: one.orders.map((order, at) => (at === 0 ? { ...order, state: "released" as const } : order)),
    }),
    "a fact is missing": one => ({ ...one, facts: one.facts.toSpliced(3, 1) }),
    "a fact is missing, and the chain hides it": one => ({ ...one, facts: rechain(one.facts.toSpliced(3, 1)) }),
    "a fact is there twice, and the chain hides it": one => ({
      ...one,
      facts: rechain([...one.facts, one.facts.at(-1)!]),
    }),
    "a fact has another time": one => ({ ...one, facts: one.facts.with(3, { ...one.facts[3]!, at: OPENS_AT - 1 }) }),
    "an order was sold under a used key": one => ({
      ...one,
      facts: rechain(one.facts.map(fact => (fact.customerId ? { ...fact, customerId: "ann", key: "k" } : fact))),
    }),
    "an order has another price": one => ({
      ...one,
      facts: rechain(
        one.facts.map((fact, at) => (at === 3 ? { ...fact, unitPrice: { amount: 1, currency: "IDR" } } : fact)),
      ),
    }),
    "the sale's counters are others": one => ({
      ...one,
      sale: { ...one.sale, items: one.sale.items.map(item => ({ ...item, free: item.free - 1, sold: item.sold + 1 })) },
    }),
  }
  for (const [lie, tell] of Object.entries(lies)) {
    test.each([holds, instant])(`finds, as the audit does, that ${lie}: %p`, async open => {
      const evidence = tell(await open())
      expect((await audit(evidence)).ok).toBe(false)
      expect(failed(prove(evidence))).not.toEqual([])
    })
  }
})
