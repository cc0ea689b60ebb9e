import { expect } from "bun:test"
import { OPENS } from "../../stores/shop.ts"
import type { Rules } from "./rule.ts"

export const holds: Rules = {
  "a hold reserves the unit until its deadline, and a confirmation sells it": async shop => {
    await shop.create({ holdSeconds: 60 })
    const { outcome, order } = await shop.reserve("ann", "k1")
    expect(outcome).toBe("held")
    expect(order).toMatchObject({ state: "held", payBefore: OPENS + 60_000, seq: 3 })
    expect(await shop.stock()).toBe("free 9 held 1 sold 0")
    shop.at(59_999)
    const confirmed = { ...order!, state: "confirmed" as const, seq: 4 }
    expect(await shop.confirm(order!.id)).toEqual({ outcome: "confirmed", seq: 4, order: confirmed })
    expect(await shop.stock()).toBe("free 9 held 0 sold 1")
    expect(await shop.inventory.order(order!.id)).toEqual(confirmed)
  },

  "confirming an expired hold releases it instead": async shop => {
    await shop.create({ holdSeconds: 60 })
    const order = await shop.bought("ann", "k1")
    shop.at(60_000)
    const released = { ...order, state: "released" as const, releaseReason: "expired" as const, seq: 4 }
    expect(await shop.confirm(order.id)).toEqual({ outcome: "order_released", seq: 4, order: released })
    expect(await shop.stock()).toBe("free 10 held 0 sold 0")
    shop.at(60_001)
    expect(await shop.confirm(order.id)).toMatchObject({ outcome: "order_released", seq: 4 })
  },

  "a buyer's cancellation or a failed payment releases a hold before its deadline": async shop => {
    await shop.create({ holdSeconds: 60 })
    const ann = await shop.bought("ann", "k1")
    const bob = await shop.bought("bob", "k2")
    const cancelled = await shop.cancel(ann.id, "ann")
    expect(cancelled).toMatchObject({ outcome: "released", seq: 5, order: { releaseReason: "cancelled", seq: 5 } })
    const failed = await shop.decide({ kind: "release", orderId: bob.id, reason: "payment_failed" })
    expect(failed).toMatchObject({ outcome: "released", order: { releaseReason: "payment_failed" } })
    expect(await shop.stock()).toBe("free 10 held 0 sold 0")
  },

  "repeating a confirmation or a cancellation is harmless": async shop => {
    await shop.create({ holdSeconds: 60 })
    const ann = await shop.bought("ann", "k1")
    const bob = await shop.bought("bob", "k2")
    const { order: confirmed } = await shop.confirm(ann.id)
    const { order: released } = await shop.cancel(bob.id)
    const before = await shop.everything()
    expect(await shop.confirm(ann.id)).toEqual({ outcome: "confirmed", seq: 6, order: confirmed, replayed: true })
    expect(await shop.cancel(bob.id)).toEqual({ outcome: "released", seq: 6, order: released, replayed: true })
    expect(await shop.everything()).toEqual(before)
  },

  "a confirmed order is never released, and a released order is never confirmed": async shop => {
    await shop.create({ holdSeconds: 60 })
    const ann = await shop.bought("ann", "k1")
    const bob = await shop.bought("bob", "k2")
    await shop.confirm(ann.id)
    await shop.cancel(bob.id)
    const before = await shop.everything()
    expect(await shop.cancel(ann.id)).toMatchObject({ outcome: "order_confirmed", order: { state: "confirmed" } })
    expect(await shop.confirm(bob.id)).toMatchObject({ outcome: "order_released", order: { state: "released" } })
    shop.at(60_000)
    expect(await shop.cancel(ann.id)).toMatchObject({ outcome: "order_confirmed" })
    expect(await shop.everything()).toEqual(before)
  },

  "when a confirmation and a cancellation race, the first wins": async shop => {
    await shop.create({ holdSeconds: 60 })
    const ann = await shop.bought("ann", "k1")
    const bob = await shop.bought("bob", "k2")
    const confirm = (orderId: string) => ({ kind: "confirm", orderId }) as const
    const cancel = (orderId: string) => ({ kind: "release", orderId, reason: "cancelled" }) as const
    const answers = await shop.batch(confirm(ann.id), cancel(ann.id), cancel(bob.id), confirm(bob.id))
    expect(answers.map(({ outcome }) => outcome)).toEqual([
      "confirmed",
      "order_confirmed",
      "released",
      "order_released",
    ])
    expect(await shop.stock()).toBe("free 9 held 0 sold 1")
  },

  "an instant order is confirmed immediately and stays confirmed": async shop => {
    await shop.create()
    const order = await shop.bought("ann", "k1")
    expect(order.payBefore).toBeUndefined()
    expect(await shop.confirm(order.id)).toMatchObject({ outcome: "confirmed", replayed: true })
    expect(await shop.cancel(order.id)).toMatchObject({ outcome: "order_confirmed" })
    shop.at(1e9)
    await shop.batch()
    expect(await shop.stock()).toBe("free 9 held 0 sold 1")
  },

  "a longer hold applies to later orders only": async shop => {
    await shop.create({ holdSeconds: 60 })
    await shop.bought("ann", "k1")
    await shop.decide({ kind: "amend", saleId: "drop", terms: { holdSeconds: 90 } })
    await shop.bought("bob", "k2")
    shop.at(60_000)
    await shop.batch()
    expect((await shop.orders()).map(({ state, payBefore }) => [state, payBefore! - OPENS])).toEqual([
      ["released", 60_000],
      ["held", 90_000],
    ])
  },

  "another customer's order is order_unknown, like one that does not exist": async shop => {
    await shop.create({ holdSeconds: 60 })
    const { id } = await shop.bought("ann", "k1")
    const before = await shop.everything()
    const wrongEnd = `${id.slice(0, -4)}${id.endsWith("ZZZZ") ? "YYYY" : "ZZZZ"}`
    for (const orderId of [id, wrongEnd, "A2-0000", "A99-0000", "B3-0000", "", "a3-0000", "A3"]) {
      const by = orderId === id ? "eve" : "ann"
      expect(await shop.confirm(orderId, by)).toEqual({ outcome: "order_unknown" })
      expect(await shop.cancel(orderId, by)).toEqual({ outcome: "order_unknown" })
    }
    expect(await shop.everything()).toEqual(before)
    expect(await shop.inventory.order(wrongEnd)).toBeUndefined()
    expect(await shop.inventory.order("none")).toBeUndefined()
  },

  "the order's customer and an administrator may confirm it": async shop => {
    await shop.create({ holdSeconds: 60 })
    const ann = await shop.bought("ann", "k1")
    const bob = await shop.bought("bob", "k2")
    expect(await shop.confirm(ann.id, "ann")).toMatchObject({ outcome: "confirmed" })
    expect(await shop.confirm(bob.id)).toMatchObject({ outcome: "confirmed" })
  },
}
