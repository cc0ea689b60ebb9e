import { expect } from "bun:test"
import { newItem } from "../../stores/shop.ts"
import type { Rules } from "./rule.ts"

export const limits: Rules = {
  "the limit counts a customer's orders under all keys, and a refusal names the first": async shop => {
    await shop.create({ limitPerCustomer: 2 })
    const order = await shop.bought("ann", "k1")
    await shop.bought("ann", "k2")
    expect(await shop.reserve("ann", "k3")).toEqual({ outcome: "limit_reached", seq: 4, order })
    expect(await shop.reserve("ann", "k4")).toEqual({ outcome: "limit_reached", seq: 4, order })
    expect(await shop.reserve("bob", "k1")).toMatchObject({ outcome: "confirmed" })
  },

  "limit_reached names the customer's first order that still counts": async shop => {
    await shop.create({ limitPerCustomer: 3, holdSeconds: 60 })
    const [gone, first, last] = [
      await shop.bought("ann", "k1"),
      await shop.bought("ann", "k2"),
      await shop.bought("ann", "k3"),
    ]
    await shop.cancel(gone.id)
    await shop.bought("ann", "k4")
    await shop.confirm(last.id)
    await shop.confirm(first.id)
    expect(await shop.reserve("ann", "k5")).toMatchObject({
      outcome: "limit_reached",
      order: { id: first.id, state: "confirmed" },
    })
  },

  "limit_reached names no order if the customer has none": async shop => {
    await shop.create()
    expect(await shop.reserve("ann", "k1", { quantity: 2 })).toEqual({ outcome: "limit_reached", seq: 2 })
  },

  "the limit counts units, not orders": async shop => {
    await shop.create({ limitPerCustomer: 3 })
    expect(await shop.reserve("ann", "k1", { quantity: 4 })).toMatchObject({ outcome: "limit_reached" })
    await shop.bought("ann", "k2", { quantity: 2 })
    expect(await shop.reserve("ann", "k3", { quantity: 2 })).toMatchObject({ outcome: "limit_reached" })
    expect(await shop.reserve("ann", "k4", { quantity: 1 })).toMatchObject({ outcome: "confirmed" })
  },

  "the limit counts all items of a sale together": async shop => {
    await shop.create({ items: [newItem("shirt", 5), newItem("cap", 5)], limitPerCustomer: 2 })
    await shop.bought("ann", "k1", { sku: "shirt" })
    await shop.bought("ann", "k2", { sku: "cap" })
    expect(await shop.reserve("ann", "k3", { sku: "cap" })).toMatchObject({ outcome: "limit_reached" })
  },

  "each sale has its own limit": async shop => {
    await shop.create()
    await shop.create({ id: "other" })
    await shop.bought("ann", "k1")
    expect(await shop.reserve("ann", "k2", { sale: "other" })).toMatchObject({ outcome: "confirmed" })
  },

  "fifty concurrent attempts of one customer buy one unit": async shop => {
    await shop.create()
    const clicks = Array.from({ length: 50 }, (_, at) => shop.reserve("ann", `k${at}`))
    const outcomes = (await Promise.all(clicks)).map(({ outcome }) => outcome)
    expect(outcomes.filter(outcome => outcome === "confirmed")).toHaveLength(1)
    expect(outcomes.filter(outcome => outcome === "limit_reached")).toHaveLength(49)
    expect(await shop.stock()).toBe("free 9 held 0 sold 1")
  },

  "held units count against the limit, released units do not": async shop => {
    await shop.create({ holdSeconds: 60 })
    const order = await shop.bought("ann", "k1")
    expect(await shop.reserve("ann", "k2")).toMatchObject({ outcome: "limit_reached" })
    await shop.cancel(order.id)
    expect(await shop.reserve("ann", "k2")).toMatchObject({ outcome: "held" })
    shop.at(60_000)
    expect(await shop.reserve("ann", "k3")).toMatchObject({ outcome: "held" })
  },

  "a raised limit allows more units, and a lowered limit removes no order": async shop => {
    await shop.create()
    const limit = (limitPerCustomer: number) =>
      shop.decide({ kind: "amend", saleId: "drop", terms: { limitPerCustomer } })
    await shop.bought("ann", "k1")
    await limit(2)
    await shop.bought("ann", "k2")
    await limit(1)
    expect(await shop.reserve("ann", "k3")).toMatchObject({ outcome: "limit_reached" })
    expect((await shop.orders()).map(({ state }) => state)).toEqual(["confirmed", "confirmed"])
  },
}
