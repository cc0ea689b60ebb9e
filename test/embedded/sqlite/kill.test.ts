import { afterAll, expect, test } from "bun:test"
import { join } from "node:path"
import type { OrderState } from "../../../src/core/order.ts"
import { SqliteInventory } from "../../../src/embedded/sqlite/inventory.ts"
import { effort } from "../../support/effort.ts"
import { temporaryFolder } from "../../support/stores/kinds.ts"
import { expectKept, readAcknowledged } from "./acknowledged.ts"

const KILLS = effort(20, 3)
const LIVES_MAX_MS = 250

const folder = temporaryFolder()
afterAll(folder.remove)

test(`${KILLS} kills in the middle of commits lose no acknowledged order`, async () => {
  const file = join(folder.path, "store.db")
  const acknowledged = new Map<string, OrderState>()
  for (let life = 0; life < KILLS; life++) {
    const printed = await liveAndDie(file, `life-${life}`)
    const told = readAcknowledged(printed)
    expect(told.size).toBeGreaterThan(0)
    for (const [id, state] of told) acknowledged.set(id, state)
    const inventory = new SqliteInventory(file)
    await expectKept(inventory, acknowledged)
    await inventory[Symbol.asyncDispose]()
  }
}, 120_000)

/** Kills a buyer shortly after its first answer, and returns the answers that it printed. */
async function liveAndDie(file: string, prefix: string): Promise<string> {
  const script = join(import.meta.dir, "buyer-process.ts")
  const child = Bun.spawn([process.execPath, script, file, "20", prefix], { stdio: ["ignore", "pipe", "inherit"] })
  const utf8 = new TextDecoder()
  let printed = ""
  let timer: Timer | undefined
  for await (const chunk of child.stdout) {
    printed += utf8.decode(chunk, { stream: true })
    timer ??= setTimeout(() => child.kill("SIGKILL"), Math.random() * LIVES_MAX_MS)
  }
  clearTimeout(timer)
  await child.exited
  expect(child.signalCode).toBe("SIGKILL")
  return printed
}
