import { expect } from "bun:test"
import { join } from "node:path"
import type { Inventory } from "../../src/core/ports/inventory.ts"
import { FULL } from "../../src/core/rules.ts"
import { SqliteInventory } from "../../src/embedded/sqlite/inventory.ts"
import type { Clock } from "../../src/runtime/time.ts"
import { needs } from "../support/needs.ts"
import { type Need, REDIS } from "../support/programs.ts"
import { RedisServer } from "../support/redis.ts"
import { TestClock } from "../support/stores/clocks.ts"
import { temporaryFolder } from "../support/stores/kinds.ts"
import { MemoryInventory } from "../support/stores/memory-inventory.ts"
import { openRedis } from "../support/stores/redis-kinds.ts"
import { OPENS, Shop } from "../support/stores/shop.ts"

// What a stranger leaves in a store for good has a bound, in every store. A store keeps every released order, because its
// key is never forgotten, so the number of released orders of a sale is that bound. It can only be reached by releases.

const RELEASED_MAX = 3

type Open = (clock: Clock) => Promise<{ inventory: Inventory; reopen(): Promise<Inventory>; end(): Promise<void> }>

const openSqlite: Open = async clock => {
  const folder = temporaryFolder()
  const open = () => new SqliteInventory(join(folder.path, "store.db"), clock, undefined, undefined, RELEASED_MAX)
  const inventory = open()
  const reopen = async () => {
    await inventory[Symbol.asyncDispose]()
    return open()
  }
  return { inventory, reopen, end: async () => folder.remove() }
}

const openMemory: Open = async clock => {
  const inventory = new MemoryInventory(clock, undefined, undefined, RELEASED_MAX)
  return { inventory, reopen: async () => inventory, end: async () => {} }
}

const openOnRedis: Open = async clock => {
  const server = await RedisServer.start()
  const inventory = await openRedis({ url: server.url, clock, releasedOrdersMax: RELEASED_MAX })
  return { inventory, reopen: async () => inventory, end: () => server.stop() }
}

const STORES: [name: string, open: Open, ...needs: Need[]][] = [
  ["memory", openMemory],
  ["SQLite", openSqlite],
  ["Redis", openOnRedis, REDIS],
]

for (const [name, open, ...programs] of STORES) {
  needs(...programs).test(
    `${name}: a sale with as many released orders as it may have holds nothing more, and says why`,
    async () => {
      const clock = new TestClock(OPENS)
      const store = await open(clock)
      const setClock = (now: number) => clock.set(now)
      const shopOver = (inventory: Inventory) =>
        new Shop({ inventory, setClock, close: () => inventory[Symbol.asyncDispose]() }, OPENS)
      const shop = shopOver(store.inventory)
      await shop.create({ holdSeconds: 60 })
      await shop.create({ id: "other", holdSeconds: 60 })
      await shop.create({ id: "instant" })
      const kept = await shop.bought("eve", "k1")
      for (let at = 0; at < RELEASED_MAX; at++) await shop.cancel((await shop.bought(`cust-${at}`, "k1")).id)
      const later = shopOver(await store.reopen())
      const { seq } = await later.sale()
      expect(await later.reserve("ann", "k1")).toEqual({ outcome: "overloaded", seq, detail: FULL })
      expect(await later.reserve("cust-0", "k1")).toMatchObject({ outcome: "released", replayed: true })
      expect(await later.confirm(kept.id)).toMatchObject({ outcome: "confirmed" })
      expect(await later.reserve("ann", "k1", { sale: "other" })).toMatchObject({ outcome: "held" })
      expect(await later.reserve("ann", "k1", { sale: "instant" })).toMatchObject({ outcome: "confirmed" })
      await later.store.close()
      await store.end()
    },
  )
}
