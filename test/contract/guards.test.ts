import { afterAll, describe, test } from "bun:test"
import { join } from "node:path"
import { type Decide, decide } from "../../src/core/rules.ts"
import { applyTransition, type Transition } from "../../src/core/transition.ts"
import { SqliteInventory } from "../../src/embedded/sqlite/inventory.ts"
import { type Apply, GUARDS } from "../support/contract/guards.ts"
import { clockAt } from "../support/stores/clocks.ts"
import { expectAudited } from "../support/stores/evidence.ts"
import { temporaryFolder } from "../support/stores/kinds.ts"
import { MemoryInventory } from "../support/stores/memory-inventory.ts"
import { OPENS, Shop } from "../support/stores/shop.ts"

const folder = temporaryFolder()
afterAll(folder.remove)
let files = 0

/** Rules that ignore the command and apply the prepared transition. */
class Ready {
  transition: Transition | undefined
  failed: string | undefined

  readonly rules: Decide = (transaction, command, now, hash) => {
    if (!this.transition) return decide(transaction, command, now, hash)
    const applied = applyTransition(transaction, this.transition, now, hash)
    this.failed = "failed" in applied ? applied.failed.kind : undefined
    return { outcome: "done" }
  }
}

const STORES = {
  memory: (clock: () => number, { rules }: Ready) => new MemoryInventory(clock, rules),
  SQLite: (clock: () => number, { rules }: Ready, file: string) => new SqliteInventory(file, clockAt(clock), rules),
}

for (const [name, open] of Object.entries(STORES)) {
  describe(`transitions in ${name}`, () => {
    for (const [sentence, rule] of Object.entries(GUARDS)) {
      test(sentence, async () => {
        let now = OPENS
        const ready = new Ready()
        const file = join(folder.path, `guards-${++files}.db`)
        const openHere = () => open(() => now, ready, file)
        let inventory = openHere()
        const setClock = (time: number) => {
          now = time
        }
        const restart = async () => {
          await inventory[Symbol.asyncDispose]()
          inventory = openHere()
        }
        const store = {
          get inventory() {
            return inventory
          },
          setClock,
          ...(name === "SQLite" && { restart }),
          close: () => inventory[Symbol.asyncDispose](),
        }
        const shop = new Shop(store, OPENS)
        const apply: Apply = async transition => {
          ready.transition = transition
          await shop.decide({ kind: "pause", saleId: "drop" })
          ready.transition = undefined
          return ready.failed as Awaited<ReturnType<Apply>>
        }
        await rule(shop, apply)
        await expectAudited(shop.inventory, shop.now)
        await inventory[Symbol.asyncDispose]()
      })
    }
  })
}
