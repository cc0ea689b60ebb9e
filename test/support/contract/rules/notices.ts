import { expect } from "bun:test"
import type { Notice } from "../../../../src/core/ports/inventory.ts"
import { newItem } from "../../stores/shop.ts"
import type { Rules } from "./rule.ts"

const at =
  (seq: number, id = "drop") =>
  ({ sale }: Notice) =>
    sale.id === id && sale.seq >= seq

export const notices: Rules = {
  "a watcher gets a notice of every sale and of each change": async shop => {
    await shop.create()
    await shop.create({ id: "other" })
    const early = shop.watch()
    await Promise.all([early.until(at(2)), early.until(at(2, "other"))])
    const late = shop.watch()
    await shop.bought("ann", "k1")
    for (const watcher of [early, late]) {
      const { sale } = await watcher.until(at(3))
      expect(sale).toEqual(await shop.sale())
    }
    await shop.decide({ kind: "pause", saleId: "other" })
    const { sale } = await early.until(at(3, "other"))
    expect(sale.standing).toBe("paused")
    late.stop()
    early.stop()
  },

  "a watcher that has stopped gets no notice": async shop => {
    await shop.create()
    const stopped = shop.watch()
    const other = shop.watch()
    stopped.stop()
    const told = stopped.notices.length
    await shop.bought("ann", "k1")
    await other.until(at(3))
    expect(stopped.notices).toHaveLength(told)
    other.stop()
  },

  "a notice does not change after it is delivered": async shop => {
    await shop.create()
    const watcher = shop.watch()
    const first = await watcher.until(at(2))
    await shop.bought("ann", "k1")
    await watcher.until(at(3))
    expect(first.sale).toMatchObject({ seq: 2, items: [{ free: 10, sold: 0 }] })
    watcher.stop()
  },

  "once every unit is sold, the notice contains all holders": async shop => {
    await shop.create({ items: [newItem("shirt", 2), newItem("cap", 1)], holdSeconds: 60 })
    const watcher = shop.watch()
    const gone = await shop.bought("dan", "k0", { sku: "shirt" })
    await shop.cancel(gone.id)
    const ann = await shop.bought("ann", "k1", { sku: "shirt" })
    const bob = await shop.bought("bob", "k2", { sku: "shirt" })
    const eve = await shop.bought("eve", "k3", { sku: "cap" })
    for (const { id } of [ann, bob]) await shop.confirm(id)
    expect((await watcher.until(at(10))).holders).toBeUndefined()
    await shop.confirm(eve.id)
    const { holders } = await watcher.until(at(11))
    for (const name of ["ann", "bob", "eve", "dan"]) expect([name, holders!.mayHold(name)]).toEqual([name, true])
    expect(holders!.mayHold("stranger")).toBe(false)
    watcher.stop()
  },

  "a watcher that starts after the sell-out gets the holders": async shop => {
    await shop.create({ total: 1 })
    await shop.bought("ann", "k1")
    const watcher = shop.watch()
    const { holders } = await watcher.until(({ holders }) => holders !== undefined)
    expect(holders!.mayHold("ann")).toBe(true)
    watcher.stop()
  },

  "a restock withdraws the holders before it is answered": async shop => {
    await shop.create({ total: 1 })
    const watcher = shop.watch()
    await shop.bought("ann", "k1")
    await watcher.until(({ holders }) => holders !== undefined)
    await shop.decide({ kind: "restock", saleId: "drop", sku: "shoe", units: 1 })
    const last = watcher.notices.at(-1)!
    expect(last.sale).toMatchObject({ seq: 4, items: [{ free: 1 }] })
    expect(last.holders).toBeUndefined()
    await shop.bought("bob", "k2")
    const { holders } = await watcher.until(at(5))
    expect(["ann", "bob"].map(name => holders!.mayHold(name))).toEqual([true, true])
    watcher.stop()
  },
}
