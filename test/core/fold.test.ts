import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import type { Fact } from "../../src/core/fact.ts"
import { conserves, createsOrder, foldSale } from "../../src/core/fold.ts"
import { createdSeq } from "../../src/core/order.ts"
import type { Sale } from "../../src/core/sale.ts"
import { steps } from "../support/model/steps.ts"
import { Walk } from "../support/model/walk.ts"
import { memory } from "../support/stores/kinds.ts"
import { OPENS } from "../support/stores/shop.ts"

const ALL = 1_000_000

/** Folds the facts of one sale, one after the other. */
function fold(
  number: number,
  facts: readonly Fact[],
): { sale: Sale | undefined; created: number[]; violations: number } {
  const created: number[] = []
  let sale: Sale | undefined
  let violations = 0
  for (const fact of facts) {
    if (!conserves(sale, fact)) violations++
    if (createsOrder(fact)) created.push(fact.seq)
    sale = foldSale(sale, number, fact)
  }
  return { sale, created, violations }
}

/** For a reader, absent and undefined are the same. */
const plain = (value: unknown) => JSON.parse(JSON.stringify(value))

/** The facts of a sale with holds. A test changes one of them. */
async function someFacts(): Promise<Fact[]> {
  const store = await memory().open(OPENS)
  await new Walk(store, await memory().open(OPENS)).take([
    {
      kind: "calls",
      calls: [
        [0, 1, 2].map(nth => ({
          kind: "reserve",
          saleId: "basket",
          sku: "shirt",
          customer: `cust-${nth}`,
          key: "k",
          quantity: 1,
          late: false,
        })),
        [{ kind: "confirm", nth: 0, by: "an administrator" }],
      ],
    },
    {
      kind: "calls",
      calls: [
        [
          { kind: "confirm", nth: 0, by: "an administrator" },
          { kind: "release", nth: 1, by: "an administrator", reason: "cancelled" },
        ],
      ],
    },
    { kind: "calls", calls: [[{ kind: "restock", saleId: "basket", sku: "cap", units: 2 }]] },
  ])
  return store.inventory.facts("basket", 0, ALL)
}

describe("folding facts", () => {
  test("returns the sales of the store that wrote them, and finds the fact that created each order", async () => {
    let folded = 0
    const property = fc.asyncProperty(steps, async sequence => {
      const stores = [await memory().open(OPENS), await memory().open(OPENS)] as const
      const walk = new Walk(stores[0], stores[1])
      await walk.take(sequence.filter(({ kind }) => kind !== "restart"))
      const { inventory } = stores[0]
      for (const sale of await inventory.sales()) {
        const facts = await inventory.facts(sale.id, 0, ALL)
        const { violations, ...told } = fold(sale.number, facts)
        const created = (await inventory.orders(sale.id, 0, ALL)).map(createdSeq)
        expect(plain(told)).toEqual(plain({ sale, created }))
        expect(violations).toBe(0)
        folded += facts.length
      }
    })
    await fc.assert(property, { numRuns: 60 })
    expect(folded).toBeGreaterThan(1000)
  }, 60_000)

  test("does not change its arguments", async () => {
    const facts = await someFacts()
    const sale = fold(2, facts.slice(0, 4)).sale!
    const before = structuredClone(sale)
    for (const fact of facts.slice(4)) foldSale(sale, 2, fact)
    expect(sale).toEqual(before)
  })

  test("detects every fact whose units do not add up", async () => {
    const facts = await someFacts()
    expect(fold(2, facts).violations).toBe(0)
    expect(facts.filter(createsOrder).length).toBeGreaterThan(2)
    const kinds = new Set<string>()
    for (const [at, fact] of facts.entries()) {
      if (fact.sku === undefined) continue
      kinds.add(fact.kind)
      for (const counter of ["free", "held", "sold", "quantity"] as const) {
        const wrong = facts.with(at, { ...fact, [counter]: fact[counter]! + 1 })
        expect(fold(2, wrong).violations, `${fact.kind} with another ${counter}`).toBeGreaterThan(0)
      }
    }
    expect([...kinds].sort()).toEqual(["confirmed", "held", "released", "stocked"])
  })

  test("detects a missing first fact and an unknown item", async () => {
    const [created, stocked] = await someFacts()
    expect(conserves(undefined, stocked!)).toBe(false)
    expect(conserves(foldSale(undefined, 1, created!), { ...stocked!, sku: "sock" })).toBe(false)
    expect(conserves(undefined, { ...created!, kind: "paused" })).toBe(false)
  })
})
