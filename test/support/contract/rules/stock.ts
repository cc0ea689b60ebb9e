import { expect } from "bun:test"
import { newItem } from "../../stores/shop.ts"
import type { Rules } from "./rule.ts"

export const stock: Rules = {
  "several attempts for the last unit in one call sell it once": async shop => {
    await shop.create({ total: 1 })
    const answers = await shop.batch(...["ann", "bob", "eve"].map(name => shop.attempt(name, "k")))
    expect(answers.map(({ outcome }) => outcome)).toEqual(["confirmed", "sold_out", "sold_out"])
    expect(await shop.stock()).toBe("free 0 held 0 sold 1")
    expect(await shop.orders()).toHaveLength(1)
  },

  "several concurrent calls for the last unit sell it once": async shop => {
    await shop.create({ total: 1 })
    const names = Array.from({ length: 20 }, (_, at) => `cust-${at}`)
    const answers = await Promise.all(names.map(name => shop.reserve(name, "k")))
    expect(answers.filter(({ outcome }) => outcome === "confirmed")).toHaveLength(1)
    expect(answers.filter(({ outcome }) => outcome === "sold_out")).toHaveLength(19)
    expect(await shop.stock()).toBe("free 0 held 0 sold 1")
    expect(await shop.orders()).toHaveLength(1)
  },

  "a thousand buyers of ten units get exactly ten": async shop => {
    await shop.create({ total: 10 })
    const calls = Array.from({ length: 40 }, (_, call) =>
      shop.batch(...Array.from({ length: 25 }, (_, at) => shop.attempt(`cust-${call}-${at}`, "k"))),
    )
    const outcomes = (await Promise.all(calls)).flat().map(({ outcome }) => outcome)
    expect(outcomes.filter(outcome => outcome === "confirmed")).toHaveLength(10)
    expect(outcomes.filter(outcome => outcome === "sold_out")).toHaveLength(990)
    const orders = await shop.orders()
    expect(new Set(orders.map(({ customerId }) => customerId)).size).toBe(10)
  },

  "an order contains item, quantity, price and customer": async shop => {
    await shop.create({ total: 3, limitPerCustomer: 2 })
    shop.at(5)
    const { order, ...answer } = await shop.reserve("ann", "k1", { quantity: 2 })
    expect(answer).toEqual({ outcome: "confirmed", seq: 3 })
    expect(order).toEqual({
      id: expect.stringMatching(/^A3-[0-9A-Z]{4}$/),
      saleId: "drop",
      sku: "shoe",
      quantity: 2,
      unitPrice: newItem("shoe", 3).price,
      state: "confirmed",
      customerId: "ann",
      key: "k1",
      createdAt: shop.now,
      seq: 3,
    })
    expect(await shop.inventory.order(order!.id)).toEqual(order!)
    expect(await shop.stock()).toBe("free 1 held 0 sold 2")
  },

  "an attempt for more than the free units gets none, and a smaller one succeeds": async shop => {
    await shop.create({ total: 3, limitPerCustomer: 5 })
    expect(await shop.reserve("ann", "k1", { quantity: 4 })).toEqual({ outcome: "sold_out", seq: 2, free: 3 })
    expect(await shop.reserve("bob", "k2", { quantity: 3 })).toMatchObject({ outcome: "confirmed" })
    expect(await shop.reserve("ann", "k1", { quantity: 1 })).toEqual({ outcome: "sold_out", seq: 3, free: 0 })
  },

  "each item has its own stock": async shop => {
    await shop.create({ items: [newItem("shirt", 1), newItem("cap", 2)], limitPerCustomer: 2 })
    expect(await shop.reserve("ann", "k1", { sku: "shirt" })).toMatchObject({ outcome: "confirmed" })
    expect(await shop.reserve("bob", "k2", { sku: "shirt" })).toMatchObject({ outcome: "sold_out" })
    expect(await shop.reserve("bob", "k3", { sku: "cap" })).toMatchObject({ outcome: "confirmed" })
    expect(await shop.stock("shirt")).toBe("free 0 held 0 sold 1")
    expect(await shop.stock("cap")).toBe("free 1 held 0 sold 1")
  },

  "each sale has its own stock and its own journal": async shop => {
    await shop.create({ total: 1 })
    await shop.create({ id: "other", total: 1 })
    await shop.bought("ann", "k1")
    const { order } = await shop.reserve("ann", "k1", { sale: "other" })
    expect(order!.id).toStartWith("B3-")
    expect(await shop.stock("shoe", "other")).toBe("free 0 held 0 sold 1")
    expect((await shop.facts("other")).map(({ seq }) => seq)).toEqual([1, 2, 3])
  },

  "a sold-out sale sells again after a restock": async shop => {
    await shop.create({ total: 1 })
    await shop.bought("ann", "k1")
    expect(await shop.reserve("bob", "k2")).toMatchObject({ outcome: "sold_out" })
    await shop.decide({ kind: "restock", saleId: "drop", sku: "shoe", units: 2 })
    expect(await shop.item()).toMatchObject({ total: 3, free: 2, held: 0, sold: 1 })
    expect(await shop.reserve("bob", "k2")).toMatchObject({ outcome: "confirmed" })
  },

  "an item can start without units": async shop => {
    await shop.create({ total: 0 })
    expect(await shop.reserve("ann", "k1")).toEqual({ outcome: "sold_out", seq: 2, free: 0 })
  },
}
