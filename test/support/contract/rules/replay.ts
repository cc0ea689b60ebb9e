import { expect } from "bun:test"
import { newItem, OPENS } from "../../stores/shop.ts"
import type { Rules } from "./rule.ts"

export const replay: Rules = {
  "a repeated key returns the same order and has no second effect": async shop => {
    await shop.create({ limitPerCustomer: 5 })
    const order = await shop.bought("ann", "k1")
    const before = await shop.everything()
    shop.at(5)
    for (let retry = 0; retry < 3; retry++) {
      expect(await shop.reserve("ann", "k1")).toEqual({ outcome: "confirmed", seq: 3, order, replayed: true })
    }
    expect(await shop.everything()).toEqual(before)
  },

  "the same key in one call or in concurrent calls makes one order": async shop => {
    await shop.create({ limitPerCustomer: 5 })
    const calls = [1, 2, 3].map(() => shop.batch(shop.attempt("ann", "k1"), shop.attempt("ann", "k1")))
    const answers = (await Promise.all(calls)).flat()
    expect(new Set(answers.map(({ order }) => order!.id)).size).toBe(1)
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1)
    expect(await shop.stock()).toBe("free 9 held 0 sold 1")
  },

  "a customer who repeats the key of an order never gets sold_out": async shop => {
    await shop.create({ total: 1 })
    const order = await shop.bought("ann", "k1")
    expect(await shop.reserve("bob", "k2")).toMatchObject({ outcome: "sold_out" })
    expect(await shop.reserve("bob", "k2")).toMatchObject({ outcome: "sold_out" })
    expect(await shop.reserve("ann", "k1")).toEqual({ outcome: "confirmed", seq: 3, order, replayed: true })
    expect(await shop.reserve("ann", "k9")).toMatchObject({ outcome: "limit_reached" })
  },

  "a repetition gets the order, also in a call with others who are sold_out": async shop => {
    await shop.create({ total: 1 })
    const attempts = ["ann", "bob", "ann"].map(name => shop.attempt(name, "k1"))
    const [first, between, repeated] = await shop.batch(...attempts)
    expect(between).toMatchObject({ outcome: "sold_out" })
    expect(repeated).toMatchObject({ outcome: "confirmed", order: first!.order, replayed: true })
    const [before, again] = await shop.batch(...["eve", "ann"].map(name => shop.attempt(name, "k1")))
    expect(before).toMatchObject({ outcome: "sold_out" })
    expect(again).toMatchObject({ outcome: "confirmed", order: first!.order, replayed: true })
  },

  "lateness takes precedence over stock, for each attempt of a call": async shop => {
    await shop.create({ total: 1 })
    await shop.bought("ann", "k1")
    const answers = await shop.batch(shop.attempt("bob", "k2"), shop.attempt("eve", "k3", { notAfter: OPENS - 1 }))
    expect(answers.map(({ outcome }) => outcome)).toEqual(["sold_out", "overloaded"])
  },

  "a replay takes precedence over pause, closing, limit and lateness": async shop => {
    await shop.create({ closesAt: OPENS + 1000 })
    const order = await shop.bought("ann", "k1")
    await shop.decide({ kind: "pause", saleId: "drop" })
    expect(await shop.reserve("ann", "k1")).toMatchObject({ outcome: "confirmed", order, replayed: true })
    shop.at(2000)
    expect(await shop.reserve("ann", "k1")).toMatchObject({ outcome: "confirmed", order, replayed: true })
    const late = await shop.reserve("ann", "k1", { notAfter: shop.now - 1 })
    expect(late).toMatchObject({ outcome: "confirmed", order, replayed: true })
    await shop.decide({ kind: "close", saleId: "drop" })
    expect(await shop.reserve("ann", "k1")).toMatchObject({ outcome: "confirmed", order, replayed: true })
  },

  "a replay returns the order's current state": async shop => {
    await shop.create({ holdSeconds: 60 })
    const ann = await shop.bought("ann", "k1")
    const bob = await shop.bought("bob", "k1")
    await shop.bought("eve", "k1")
    await shop.confirm(ann.id)
    await shop.cancel(bob.id)
    shop.at(60_000)
    const replays = await shop.batch(...["ann", "bob", "eve"].map(name => shop.attempt(name, "k1")))
    expect(replays.map(({ outcome, order, replayed }) => [outcome, order!.releaseReason, replayed])).toEqual([
      ["confirmed", undefined, true],
      ["released", "cancelled", true],
      ["released", "expired", true],
    ])
  },

  "a key that is used with another payload is key_reused": async shop => {
    await shop.create({ items: [newItem("shirt", 5), newItem("cap", 5)], limitPerCustomer: 5 })
    await shop.bought("ann", "k1", { sku: "shirt" })
    const before = await shop.everything()
    expect(await shop.reserve("ann", "k1", { sku: "cap" })).toEqual({ outcome: "key_reused", seq: 4 })
    expect(await shop.reserve("ann", "k1", { sku: "shirt", quantity: 2 })).toEqual({ outcome: "key_reused", seq: 4 })
    expect(await shop.everything()).toEqual(before)
  },

  "keys are scoped to customer and sale": async shop => {
    await shop.create()
    await shop.create({ id: "other" })
    const ann = await shop.bought("ann", "k1")
    const bob = await shop.bought("bob", "k1")
    const other = await shop.bought("ann", "k1", { sale: "other" })
    expect(new Set([ann.id, bob.id, other.id]).size).toBe(3)
    expect([ann.customerId, bob.customerId, other.saleId]).toEqual(["ann", "bob", "other"])
  },

  "a refused key can be used again, even with another payload": async shop => {
    await shop.create({ total: 1, limitPerCustomer: 2 })
    expect(await shop.reserve("ann", "k1", { quantity: 2 })).toMatchObject({ outcome: "sold_out" })
    expect(await shop.reserve("ann", "k1", { quantity: 3 })).toMatchObject({ outcome: "limit_reached" })
    expect(await shop.reserve("ann", "k1")).toMatchObject({ outcome: "confirmed" })
  },

  "the key of a released order cannot buy again": async shop => {
    await shop.create({ holdSeconds: 60 })
    const order = await shop.bought("ann", "k1")
    await shop.cancel(order.id)
    expect(await shop.reserve("ann", "k1")).toMatchObject({ outcome: "released", replayed: true })
    expect(await shop.stock()).toBe("free 10 held 0 sold 0")
  },

  "an attempt after its notAfter has no effect": async shop => {
    await shop.create()
    const before = await shop.everything()
    shop.at(100)
    expect(await shop.reserve("ann", "k1", { notAfter: OPENS + 99 })).toEqual({ outcome: "overloaded", seq: 2 })
    expect(await shop.everything()).toEqual(before)
    expect(await shop.reserve("ann", "k1", { notAfter: OPENS + 100 })).toMatchObject({ outcome: "confirmed" })
  },
}
