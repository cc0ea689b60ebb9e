import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Millis } from "../../../src/core/sale.ts"
import { SqliteInventory } from "../../../src/embedded/sqlite/inventory.ts"
import { Backend } from "../ipc/backend.ts"
import { TestClock } from "./clocks.ts"
import { MemoryInventory } from "./memory-inventory.ts"
import { REDIS_KINDS } from "./redis-kinds.ts"
import type { Kind, Store } from "./store.ts"

export function memory(): Kind {
  const open = async (start: Millis): Promise<Store> => {
    const clock = new TestClock(start)
    const inventory = new MemoryInventory(clock)
    return {
      inventory,
      setClock: now => clock.set(now),
      stepClock: ms => clock.step(ms),
      close: () => inventory[Symbol.asyncDispose](),
    }
  }
  return { name: "memory", needs: [], open, end: async () => {} }
}

/** Lets no more than so many facts wait for the tables. */
export function sqlite(unfoldedMax?: number): Kind {
  const open = async (start: Millis): Promise<Store> => {
    const clock = new TestClock(start)
    const folder = temporaryFolder()
    const file = join(folder.path, "store.db")
    const openFile = () => new SqliteInventory(file, clock, undefined, undefined, undefined, unfoldedMax)
    let inventory = openFile()
    return {
      get inventory() {
        return inventory
      },
      setClock: now => clock.set(now),
      stepClock: ms => clock.step(ms),
      async restart() {
        await inventory[Symbol.asyncDispose]()
        inventory = openFile()
      },
      async close() {
        await inventory[Symbol.asyncDispose]()
        folder.remove()
      },
    }
  }
  const name = unfoldedMax === undefined ? "SQLite" : `SQLite with ${unfoldedMax} unfolded facts`
  return { name, needs: [], open, end: async () => {} }
}

/** SQLite in a process of its own, as replicas meet it. One process serves one store after the other. */
export function ipc(): Kind {
  const folder = temporaryFolder()
  let backend: Backend | undefined
  let files = 0
  const open = async (start: Millis): Promise<Store> => {
    const file = join(folder.path, `store-${++files}.db`)
    const clock = new TestClock(start)
    backend ??= new Backend()
    let inventory = await backend.open(file, clock)
    return {
      get inventory() {
        return inventory
      },
      setClock(now) {
        clock.set(now)
        backend!.setClock(clock)
      },
      stepClock(ms) {
        clock.step(ms)
        backend!.setClock(clock)
      },
      async restart() {
        await backend!.kill()
        backend = new Backend()
        inventory = await backend.open(file, clock)
      },
      close: () => inventory[Symbol.asyncDispose](),
    }
  }
  return {
    name: "SQLite through IPC",
    needs: [],
    open,
    async end() {
      await backend?.kill()
      folder.remove()
    },
  }
}

/** Every kind of store that must pass the contract. */
export const KINDS: (() => Kind)[] = [memory, () => sqlite(), ipc, ...REDIS_KINDS]

export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "doorbuster-store-"))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}
