import { expect } from "bun:test"
import type { Guard } from "../../../src/core/guard.ts"
import type { Order } from "../../../src/core/order.ts"
import type { Sale } from "../../../src/core/sale.ts"
import type { Change, Transition } from "../../../src/core/transition.ts"
import { OPENS, type Shop } from "../stores/shop.ts"

/** Applies a transition of the sale `drop`. Resolves to the kind of the guard that failed, if any. */
export type Apply = (transition: Transition, sale: Sale) => Promise<Guard["kind"] | undefined>

const restock: Change = { kind: "stocked", sku: "shoe", moves: { free: 1 } }

/** 60 s after the opening: ann holds one unit until 100 s, and one of three units is free. */
async function standing(shop: Shop): Promise<{ ann: Order; sale: Sale }> {
  await shop.create({ total: 3, holdSeconds: 100, limitPerCustomer: 2 })
  const ann = await shop.bought("ann", "k1")
  await shop.bought("bob", "k1")
  shop.at(60_000)
  await shop.batch()
  return { ann, sale: await shop.sale() }
}

/** Each guard at its boundary: one case where it holds and one where it fails. */
function guardsOf(ann: Order, sale: Sale): [holds: Guard, fails: Guard][] {
  const now = OPENS + 60_000
  return [
    [
      { kind: "order", order: ann },
      { kind: "order", order: { ...ann, seq: ann.seq + 1 } },
    ],
    [
      { kind: "notBefore", at: now },
      { kind: "notBefore", at: now + 1 },
    ],
    [
      { kind: "notAfter", at: now },
      { kind: "notAfter", at: now - 1 },
    ],
    [
      { kind: "free", sku: "shoe", units: 1 },
      { kind: "free", sku: "shoe", units: 2 },
    ],
    [
      { kind: "limit", customerId: "ann", units: 1 },
      { kind: "limit", customerId: "ann", units: 2 },
    ],
    [
      { kind: "version", version: sale.version },
      { kind: "version", version: sale.version - 1 },
    ],
    [
      { kind: "key", customerId: "ann", key: "k2" },
      { kind: "key", customerId: "ann", key: "k1" },
    ],
  ]
}

type GuardRules = Record<string, (shop: Shop, apply: Apply) => Promise<void>>

export const GUARDS: GuardRules = {
  "a transition takes effect when its guard holds, and changes nothing when it fails": async (shop, apply) => {
    const { ann, sale } = await standing(shop)
    for (const [holds, fails] of guardsOf(ann, sale)) {
      const before = await shop.everything()
      expect([fails, await apply({ saleId: "drop", guards: [fails], changes: [restock] }, sale)]).toEqual([
        fails,
        fails.kind,
      ])
      expect(await shop.everything()).toEqual(before)
      expect([holds, await apply({ saleId: "drop", guards: [holds], changes: [] }, sale)]).toEqual([holds, undefined])
      expect(await shop.everything()).toEqual(before)
    }
    const all = guardsOf(ann, sale).map(([holds]) => holds)
    expect(await apply({ saleId: "drop", guards: all, changes: [restock] }, sale)).toBeUndefined()
    expect((await shop.facts()).at(-1)).toMatchObject({ kind: "stocked", seq: 5, at: shop.now, free: 2, held: 2 })
  },

  "a key or a pass is recorded with the transition that uses it, and its guard then always fails": async (
    shop,
    apply,
  ) => {
    const { sale } = await standing(shop)
    for (const guard of [
      { kind: "key", customerId: "ann", key: "pay" },
      { kind: "command", key: "c1", digest: "d1" },
      { kind: "pass", pass: "p1" },
    ] satisfies Guard[]) {
      const use = { saleId: "drop", guards: [guard], changes: [restock] }
      expect(await apply({ ...use, changes: [] }, sale)).toBeUndefined()
      expect(await apply(use, sale)).toBeUndefined()
      await shop.store.restart?.()
      const before = await shop.everything()
      expect(await apply(use, sale)).toBe(guard.kind)
      expect(await shop.everything()).toEqual(before)
    }
    expect(await apply({ saleId: "drop", guards: [{ kind: "pass", pass: "p2" }], changes: [] }, sale)).toBeUndefined()
    const ofBob = { kind: "key", customerId: "bob", key: "pay" } as const
    expect(await apply({ saleId: "drop", guards: [ofBob], changes: [] }, sale)).toBeUndefined()
  },

  "the store sets the number, the times and the seq of a new order": async (shop, apply) => {
    const { sale } = await standing(shop)
    const after = {
      sku: "shoe",
      quantity: 1,
      unitPrice: sale.items[0]!.price,
      state: "held",
      customerId: "eve",
      key: "k1",
      suffix: "AB12",
      payWithin: 100_000,
    } as const
    const change: Change = { kind: "held", sku: "shoe", moves: { free: -1, held: 1 }, order: { after } }
    expect(await apply({ saleId: "drop", guards: [], changes: [change] }, sale)).toBeUndefined()
    expect((await shop.orders()).at(-1)).toMatchObject({
      id: "A5-AB12",
      createdAt: shop.now,
      payBefore: shop.now + 100_000,
      seq: 5,
    })
    expect(await shop.stock()).toBe("free 0 held 3 sold 0")
    expect(await shop.reserve("eve", "k1")).toMatchObject({ outcome: "held", replayed: true })
    shop.at(160_000)
    expect(await shop.reserve("zoe", "k1")).toMatchObject({ outcome: "held", seq: 9 })
  },
}
