import { expect } from "bun:test"
import { TOO_MANY_RELEASES } from "../../../../src/core/rules.ts"
import { newItem, OPENS, type Shop } from "../../stores/shop.ts"
import type { Rules } from "./rule.ts"

/** For stores that survive a restart. */
export const restart: Rules = {
  "everything that can be read is the same after a restart": async shop => {
    await shop.create({ items: [newItem("shirt", 3), newItem("cap", 1)], holdSeconds: 60, closesAt: OPENS + 1e9 })
    await shop.create({ id: "other", total: 1 })
    const ann = await shop.bought("ann", "k1", { sku: "shirt" })
    await shop.bought("bob", "k2", { sku: "cap" })
    await shop.bought("bob", "k2", { sale: "other" })
    await shop.confirm(ann.id)
    await shop.decide({ kind: "amend", saleId: "drop", terms: { closesAt: null, limitPerCustomer: 2 } })
    await shop.decide({ kind: "pause", saleId: "other" })
    await same(shop)
    await same(shop)
  },

  "keys, limits and stock survive a restart": async shop => {
    await shop.create({ total: 2 })
    const order = await shop.bought("ann", "k1")
    await shop.store.restart!()
    expect(await shop.reserve("ann", "k1")).toEqual({ outcome: "confirmed", seq: 3, order, replayed: true })
    expect(await shop.reserve("ann", "k2")).toMatchObject({ outcome: "limit_reached" })
    expect(await shop.reserve("bob", "k3")).toMatchObject({ outcome: "confirmed", seq: 4 })
    expect(await shop.reserve("eve", "k4")).toMatchObject({ outcome: "sold_out" })
  },

  "releases and cool-downs survive a restart": async shop => {
    await shop.create({ holdSeconds: 60, maxReleases: 2, cooldownSeconds: 10 })
    await shop.cancel((await shop.bought("ann", "k1")).id)
    await shop.store.restart!()
    expect(await shop.reserve("ann", "k2")).toMatchObject({ outcome: "rate_limited", retryAt: OPENS + 10_000 })
    shop.at(10_000)
    await shop.cancel((await shop.bought("ann", "k2")).id)
    await shop.store.restart!()
    expect(await shop.reserve("ann", "k3")).toMatchObject({ outcome: "limit_reached", detail: TOO_MANY_RELEASES })
    expect(await shop.reserve("ann", "k1")).toMatchObject({ outcome: "released", replayed: true })
  },

  "holds survive a restart and expire at their deadlines": async shop => {
    await shop.create({ holdSeconds: 60 })
    const ann = await shop.bought("ann", "k1")
    await shop.bought("bob", "k2")
    await shop.store.restart!()
    expect(await shop.confirm(ann.id, "ann")).toMatchObject({ outcome: "confirmed" })
    await shop.store.restart!()
    shop.at(60_000)
    expect(await shop.reserve("bob", "k2")).toMatchObject({ outcome: "released", order: { releaseReason: "expired" } })
    expect(await shop.stock()).toBe("free 9 held 0 sold 1")
  },

  "if the clock is a little behind after a restart, time continues from the journal's end": async shop => {
    await shop.create({ closesAt: OPENS + 2000 })
    shop.at(1000)
    await shop.bought("ann", "k1")
    shop.at(-900)
    await shop.store.restart!()
    expect(await shop.bought("bob", "k2")).toMatchObject({ createdAt: OPENS + 1000, seq: 4 })
  },

  "if the clock is far behind after a restart, it must be steady for five seconds before the store sells by it":
    async shop => {
      await shop.create({ opensAt: OPENS - 3_600_000, holdSeconds: 30, total: 2 })
      shop.at(1000)
      const order = await shop.bought("ann", "k1")
      shop.step(-600_000)
      await shop.store.restart!()
      expect(await shop.reserve("bob", "k2")).toMatchObject({ outcome: "reconciling" })
      expect(await shop.inventory.clock()).toMatchObject({ isInDoubt: true })
      for (let second = 0; second < 6; second++) {
        shop.pass(1000)
        await shop.batch()
        await shop.inventory.sales()
      }
      expect((await shop.bought("bob", "k2")).createdAt).toBeLessThan(order.createdAt)
      for (let second = 0; second < 31; second++) {
        shop.pass(1000)
        await shop.batch()
      }
      expect(await shop.stock()).toBe("free 2 held 0 sold 0")
    },

  "a call that a restart interrupts is answered or unknown, and the same key resolves it": async shop => {
    await shop.create({ total: 20 })
    const names = Array.from({ length: 30 }, (_, at) => `cust-${at}`)
    const underWay = Promise.allSettled(names.map(name => shop.reserve(name, "k")))
    await shop.store.restart!()
    for (const result of await underWay) {
      if (result.status === "rejected") expect(result.reason).toMatchObject({ name: "InventoryFault", certain: false })
    }
    const retried = await Promise.all(names.map(name => shop.reserve(name, "k")))
    expect(retried.filter(({ outcome }) => outcome === "confirmed")).toHaveLength(20)
    expect(await shop.orders()).toHaveLength(20)
    expect(await shop.stock()).toBe("free 0 held 0 sold 20")
  },

  "sale numbers continue after a restart": async shop => {
    await shop.create()
    await shop.store.restart!()
    const { sale } = await shop.create({ id: "other" })
    expect(sale!.number).toBe(2)
    expect((await shop.bought("ann", "k1", { sale: "other" })).id).toStartWith("B3-")
  },

  "a watcher that starts after a restart gets the holders": async shop => {
    await shop.create({ total: 1 })
    await shop.bought("ann", "k1")
    await shop.store.restart!()
    const watcher = shop.watch()
    const { holders } = await watcher.until(({ holders }) => holders !== undefined)
    expect([holders!.mayHold("ann"), holders!.mayHold("stranger")]).toEqual([true, false])
    watcher.stop()
  },
}

async function same(shop: Shop): Promise<void> {
  const before = await shop.everything()
  await shop.store.restart!()
  expect(await shop.everything()).toEqual(before)
}
