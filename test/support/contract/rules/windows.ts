import { expect } from "bun:test"
import { OPENS } from "../../stores/shop.ts"
import type { Rules } from "./rule.ts"

export const windows: Rules = {
  "an attempt 1 ms before the opening changes nothing and gets the opening as retryAt": async shop => {
    shop.at(-60_000)
    await shop.create()
    const before = await shop.everything()
    shop.at(-1)
    expect(await shop.reserve("ann", "k1")).toEqual({ outcome: "sale_not_open", seq: 2, retryAt: OPENS })
    expect(await shop.everything()).toEqual(before)
    shop.at(0)
    expect(await shop.reserve("ann", "k1")).toMatchObject({ outcome: "confirmed", seq: 3 })
  },

  "at closesAt a sale is already closed": async shop => {
    await shop.create({ closesAt: OPENS + 1000 })
    shop.at(999)
    expect(await shop.reserve("ann", "k1")).toMatchObject({ outcome: "confirmed" })
    shop.at(1000)
    expect(await shop.reserve("bob", "k2")).toEqual({ outcome: "sale_closed", seq: 3 })
  },

  "a later opening makes the sale scheduled again, and removing closesAt reopens it": async shop => {
    await shop.create({ closesAt: OPENS + 1000 })
    await shop.decide({ kind: "amend", saleId: "drop", terms: { opensAt: OPENS + 500 } })
    expect(await shop.reserve("ann", "k1")).toMatchObject({ outcome: "sale_not_open", retryAt: OPENS + 500 })
    shop.at(1000)
    expect(await shop.reserve("ann", "k1")).toMatchObject({ outcome: "sale_closed" })
    const { sale } = await shop.decide({ kind: "amend", saleId: "drop", terms: { closesAt: null } })
    expect(sale!.closesAt).toBeUndefined()
    expect(await shop.reserve("ann", "k1")).toMatchObject({ outcome: "confirmed" })
  },

  "an amendment leaves the terms that it does not name unchanged": async shop => {
    await shop.create({ closesAt: OPENS + 1000, limitPerCustomer: 3, holdSeconds: 60, description: "Only here." })
    const before = await shop.sale()
    await shop.decide({ kind: "amend", saleId: "drop", terms: { name: "Drop 2" } })
    const after = await shop.sale()
    expect(after).toEqual({ ...before, name: "Drop 2", seq: 3, version: 3, hash: after.hash })
  },

  "held orders of a closed sale can be confirmed and cancelled": async shop => {
    await shop.create({ holdSeconds: 60, closesAt: OPENS + 1000 })
    const ann = await shop.bought("ann", "k1")
    const bob = await shop.bought("bob", "k2")
    shop.at(1000)
    expect(await shop.confirm(ann.id)).toMatchObject({ outcome: "confirmed" })
    expect(await shop.cancel(bob.id)).toMatchObject({ outcome: "released" })
    expect(await shop.stock()).toBe("free 9 held 0 sold 1")
  },
}
