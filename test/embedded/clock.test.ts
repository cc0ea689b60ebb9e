import { afterAll, beforeAll, expect, test } from "bun:test"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import type { AuditReport } from "../../src/wire/wire.ts"
import { eventually } from "../support/eventually.ts"
import { ROOT } from "../support/files.ts"
import { temporaryFolder } from "../support/stores/kinds.ts"
import { System } from "../support/system.ts"
import { tokenOf } from "../support/token.ts"

// The machine's clock is an hour ahead, and is put right, while the system runs: supervisor and replicas see the same.

const HOUR = 3_600_000
const DAY_SECONDS = 86_400

const folder = temporaryFolder()
const CLOCK_FILE = join(folder.path, "clock")
const setClock = (ms: number) => writeFileSync(CLOCK_FILE, String(ms))

let system: System
beforeAll(async () => {
  setClock(0)
  const preload = `--preload=${join(ROOT, "test/support/set-clock.ts")}`
  system = await System.start({ env: { BUN_OPTIONS: preload, CLOCK_FILE } })
}, 60_000)
afterAll(async () => {
  await system.stop()
  folder.remove()
})

let customers = 0
async function buy(): Promise<string> {
  const exp = Math.floor(Date.now() / 1000) + DAY_SECONDS
  const response = await fetch(`${system.url}/api/v1/sales/clocks/orders`, {
    method: "POST",
    headers: { Authorization: `Bearer ${tokenOf(`c-${++customers}`, { exp })}`, "Content-Type": "application/json" },
    body: JSON.stringify({ sku: "clocks" }),
  })
  const { state, code } = (await response.json()) as { state?: string; code?: string }
  return state ?? code ?? ""
}

test("a clock that is an hour ahead and is put right stops sales for seconds, says so, and never answers overloaded", async () => {
  await system.createSale("clocks", { total: 1000 })
  expect(await buy()).toBe("confirmed")
  for (const [skew, jump] of [
    [HOUR, 3600],
    [0, -3600],
  ] as const) {
    setClock(skew)
    const answers = new Set<string>()
    const next = async () => {
      const answer = await buy()
      answers.add(answer)
      return answer
    }
    await eventually("the jump is noticed", async () => (await next()) === "reconciling")
    const ready = await fetch(`${system.url}/readyz`)
    expect(ready.status).toBe(503)
    await eventually("the metrics show the jump", async () => {
      const text = await (await fetch(`${system.url}/metrics`)).text()
      const seconds = Number(/^flash_sale_clock_jump_seconds (.+)$/m.exec(text)?.[1])
      return Math.abs(seconds - jump) < 1
    })
    await eventually("the store sells again", async () => (await next()) === "confirmed")
    expect([...answers].sort()).toEqual(["confirmed", "reconciling"])
  }
  const report = await system.admin<AuditReport>("GET", "/sales/clocks/audit")
  expect(report.ok).toBe(true)
}, 60_000)
