import { expect } from "bun:test"
import { OPENS } from "../../stores/shop.ts"
import type { Rules } from "./rule.ts"

export const expiry: Rules = {
  "the call that finds a hold expired can buy its unit": async shop => {
    await shop.create({ total: 1, holdSeconds: 60 })
    await shop.bought("ann", "k1")
    shop.at(59_999)
    expect(await shop.reserve("bob", "k2")).toMatchObject({ outcome: "all_held" })
    shop.at(60_000)
    expect(await shop.reserve("bob", "k2")).toMatchObject({ outcome: "held", seq: 5 })
    expect(await shop.stock()).toBe("free 0 held 1 sold 0")
  },

  "with no free unit the answer is all_held while units are held, and sold_out otherwise": async shop => {
    await shop.create({ total: 2, holdSeconds: 60, limitPerCustomer: 3 })
    const ann = await shop.bought("ann", "k1")
    shop.at(10)
    const bob = await shop.bought("bob", "k2")
    const allHeld = { outcome: "all_held", seq: 4, free: 0, retryAt: OPENS + 60_000 } as const
    expect(await shop.reserve("eve", "k3")).toEqual(allHeld)
    expect(await shop.reserve("eve", "k3", { quantity: 2 })).toEqual(allHeld)
    expect(await shop.reserve("eve", "k3", { quantity: 3 })).toEqual({ outcome: "sold_out", seq: 4, free: 0 })
    await shop.confirm(ann.id)
    expect(await shop.reserve("eve", "k3")).toEqual({ ...allHeld, seq: 5, retryAt: OPENS + 60_010 })
    expect(await shop.reserve("eve", "k3", { quantity: 2 })).toMatchObject({ outcome: "sold_out" })
    await shop.confirm(bob.id)
    expect(await shop.reserve("eve", "k3")).toEqual({ outcome: "sold_out", seq: 6, free: 0 })
  },

  "one free unit among held ones does not satisfy an attempt for two": async shop => {
    await shop.create({ total: 2, holdSeconds: 60, limitPerCustomer: 2 })
    await shop.bought("ann", "k1")
    const answer = await shop.reserve("bob", "k2", { quantity: 2 })
    expect(answer).toEqual({ outcome: "all_held", seq: 3, free: 1, retryAt: OPENS + 60_000 })
  },

  "expiry releases each due hold once, the earliest first, and no other": async shop => {
    await shop.create({ total: 5, holdSeconds: 60, limitPerCustomer: 2 })
    const late = await shop.bought("ann", "k1", { quantity: 2 })
    await shop.decide({ kind: "amend", saleId: "drop", terms: { holdSeconds: 30 } })
    const early = await shop.bought("bob", "k2")
    shop.at(40_000)
    const open = await shop.bought("eve", "k3")
    expect(await shop.stock()).toBe("free 2 held 3 sold 0")
    shop.at(60_000)
    for (const call of [1, 2, 3]) {
      expect(await shop.cancel("none")).toEqual({ outcome: "order_unknown" })
      expect([call, await shop.stock()]).toEqual([call, "free 4 held 1 sold 0"])
    }
    const released = (await shop.facts()).filter(({ kind }) => kind === "released")
    expect(released.map(({ orderId, reason, at }) => [orderId, reason, at - OPENS])).toEqual([
      [early.id, "expired", 40_000],
      [late.id, "expired", 60_000],
    ])
    expect(await shop.confirm(open.id)).toMatchObject({ outcome: "confirmed" })
    expect(await shop.stock()).toBe("free 4 held 0 sold 1")
  },

  "a hold that is cancelled after its deadline counts as expired": async shop => {
    await shop.create({ holdSeconds: 60 })
    const order = await shop.bought("ann", "k1")
    shop.at(60_000)
    expect(await shop.cancel(order.id, "ann")).toMatchObject({
      outcome: "released",
      order: { releaseReason: "expired" },
    })
    expect(await shop.stock()).toBe("free 10 held 0 sold 0")
  },

  "holds of several sales expire together": async shop => {
    await shop.create({ holdSeconds: 60 })
    await shop.create({ id: "other", holdSeconds: 30 })
    await shop.bought("ann", "k1")
    await shop.bought("ann", "k1", { sale: "other" })
    shop.at(60_000)
    await shop.batch()
    expect(await shop.stock()).toBe("free 10 held 0 sold 0")
    expect(await shop.stock("shoe", "other")).toBe("free 10 held 0 sold 0")
  },

  "many holds expire within a few calls, and none is confirmed or cancelled after its deadline": async shop => {
    const crowd = 2500
    await shop.create({ total: crowd, holdSeconds: 60 })
    const attempts = Array.from({ length: crowd }, (_, at) => shop.attempt(`cust-${at}`, "k"))
    const answers = await shop.batch(...attempts)
    shop.at(60_000)
    const [other, last] = answers.slice(-2).map(({ order }) => order!.id)
    const [cancelled, confirmed] = await shop.batch(
      { kind: "release", orderId: other!, by: `cust-${crowd - 2}`, reason: "cancelled" },
      { kind: "confirm", orderId: last! },
    )
    expect([cancelled!.outcome, cancelled!.order!.releaseReason]).toEqual(["released", "expired"])
    expect([confirmed!.outcome, confirmed!.order!.releaseReason]).toEqual(["order_released", "expired"])
    for (let call = 0; call < 3; call++) await shop.batch()
    expect(await shop.stock()).toBe(`free ${crowd} held 0 sold 0`)
    expect(await shop.facts()).toHaveLength(2 + 2 * crowd)
  },
}
