import { afterAll, beforeAll, expect, test } from "bun:test"
import { join, resolve } from "node:path"
import type { Sale } from "../../src/wire/wire.ts"
import { ADMIN_TOKEN, System } from "../support/system.ts"

// "Now" is the server's now, whatever clock the caller has.

const ROOT = resolve(import.meta.dir, "../..")
const FAST_CLOCK = `--preload=${join(ROOT, "test/support/fast-clock.ts")}`

let system: System
beforeAll(async () => {
  system = await System.start()
}, 60_000)
afterAll(() => system.stop())

/** Runs a command on a machine whose clock is three minutes fast. */
async function run(...args: string[]): Promise<number> {
  const command = [process.execPath, FAST_CLOCK, "src/main.ts", "sale", ...args, "--url", system.url]
  const env = { ...process.env, ADMIN_TOKEN }
  return Bun.spawn(command, { cwd: ROOT, env, stdout: "ignore", stderr: "inherit" }).exited
}

async function opening(id: string): Promise<{ state: string; aheadMs: number }> {
  const { state, opensAt } = (await (await fetch(`${system.url}/api/v1/sales/${id}`)).json()) as Sale
  return { state, aheadMs: Date.parse(opensAt) - Date.now() }
}

test("a laptop whose clock is three minutes fast opens a sale now, and creates one that is open", async () => {
  await system.createSale("scheduled", { opensAt: new Date(Date.now() + 3_600_000).toISOString() })
  expect(await run("open", "scheduled")).toBe(0)
  const terms = ["--name", "Made", "--units", "1", "--price", "1.00", "--currency", "EUR"]
  expect(await run("create", "--id", "made", ...terms)).toBe(0)
  for (const id of ["scheduled", "made"]) {
    const { state, aheadMs } = await opening(id)
    expect(state).toBe("open")
    expect(aheadMs).toBeLessThanOrEqual(0)
  }
}, 30_000)
