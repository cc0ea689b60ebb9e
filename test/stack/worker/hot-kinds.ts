import { cpSync, rmSync } from "node:fs"
import type { HotInventory } from "../../../src/core/ports/hot-inventory.ts"
import { RedisInventory } from "../../../src/stack/redis/inventory.ts"
import { memoryFolder, RedisServer } from "../../support/redis.ts"
import { LEASE_MS, openGates } from "../../support/stores/redis-kinds.ts"
import { MemoryHot } from "./memory-hot.ts"

/** A hot store, and what can happen to its process. */
export interface Hot {
  /** As another process would use it. */
  connect(options?: { journalFactsMax?: number }): HotInventory
  /** Ends, and begins with what it kept. */
  restart(): Promise<void>
  /** Everything is gone while it runs. */
  wipe(): Promise<void>
  /** Ends, and begins with an empty disk. */
  replace(): Promise<void>
  /** Remembers what there is now; returns the way to begin with it again. */
  backup(): Promise<() => Promise<void>>
  /** What no hot store may do: its gates open without being compared. */
  openUnseen(): Promise<void>
  end(): Promise<void>
}

export interface HotKind {
  name: string
  open(): Promise<Hot>
  end(): Promise<void>
}

export const memoryHot: HotKind = {
  name: "memory",
  open: async () => memoryHotAround(new MemoryHot()),
  end: async () => {},
}

export function memoryHotAround(hot: MemoryHot): Hot {
  return {
    connect({ journalFactsMax } = {}) {
      if (journalFactsMax !== undefined) hot.journalMax = journalFactsMax
      return hot
    },
    restart: async () => hot.restart(),
    wipe: async () => hot.wipe(),
    replace: async () => hot.wipe(),
    async backup() {
      const kept = await hot.backup()
      return async () => hot.turnBack(kept)
    },
    openUnseen: async () => hot.openUnseen(),
    end: async () => {},
  }
}

/** One server serves one test after the other. */
export function redisHot(): HotKind {
  let starting: Promise<RedisServer> | undefined
  const open = async (): Promise<Hot> => {
    starting ??= RedisServer.start()
    const server = await starting
    await server.wipe()
    const open = new Set<HotInventory>()
    const folders: string[] = []
    const data = `${server.folder}/appendonlydir`
    return {
      connect(options) {
        const inventory = new RedisInventory({ url: server.url, leaseMs: LEASE_MS, ...options })
        inventory.start()
        open.add(inventory)
        return inventory
      },
      restart: () => server.restart(),
      wipe: async () => void (await server.command("FLUSHALL")),
      async replace() {
        await server.kill()
        rmSync(data, { recursive: true })
        await server.start()
      },
      async backup() {
        const kept = memoryFolder("doorbuster-backup-")
        folders.push(kept)
        await server.kill()
        cpSync(data, kept, { recursive: true })
        await server.start()
        return async () => {
          await server.kill()
          rmSync(data, { recursive: true })
          cpSync(kept, data, { recursive: true })
          await server.start()
        }
      },
      async openUnseen() {
        const inventory = new RedisInventory({ url: server.url })
        inventory.start()
        await inventory.connected()
        await openGates(inventory)
        await inventory[Symbol.asyncDispose]()
      },
      async end() {
        await Promise.all([...open].map(inventory => inventory[Symbol.asyncDispose]()))
        for (const folder of folders) rmSync(folder, { recursive: true })
      },
    }
  }
  return { name: "Redis", open, end: async () => (await starting)?.stop() }
}

/** Every kind of hot store that a worker must work with. */
export const hotKinds = (): HotKind[] => [memoryHot, redisHot()]
