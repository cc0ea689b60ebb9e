import { expect } from "bun:test"
import { join } from "node:path"
import { eventually } from "../../support/eventually.ts"
import { needs } from "../../support/needs.ts"
import { NGINX, POSTGRES, REDIS } from "../../support/programs.ts"
import { NativeStack } from "../../support/stack.ts"
import { tokenOf } from "../../support/token.ts"

const { test } = needs(REDIS, POSTGRES, NGINX)

const SKEW_HOURS = { "node-1": -1, "node-2": 1 }
const DAY_SECONDS = 86_400

test("replicas whose clocks are wrong by an hour sell normally", async () => {
  const preload = `--preload=${join(import.meta.dir, "skewed-clock.ts")}`
  const env = { BUN_OPTIONS: preload, SKEW_HOURS: JSON.stringify(SKEW_HOURS) }
  await using stack = await NativeStack.start({ replicas: 3, env })
  await stack.createSale("clocks", { total: 100 })
  const exp = Math.floor(Date.now() / 1000) + DAY_SECONDS
  for (const [replica, url] of stack.urls.entries()) {
    const buy = async (customer: string) => {
      const response = await fetch(`${url}/api/v1/sales/clocks/orders`, {
        method: "POST",
        headers: { Authorization: `Bearer ${tokenOf(customer, { exp })}`, "Content-Type": "application/json" },
        body: JSON.stringify({ sku: "clocks" }),
      })
      await response.text()
      return response.status
    }
    // By the replica's own clock its first call may be too late. The reply corrects the clock.
    await eventually("the replica knows the store's time", async () => (await buy(`first-${replica}`)) === 201)
    for (let at = 0; at < 10; at++) expect(await buy(`${replica}-${at}`)).toBe(201)
  }
  const report = await stack.admin<{ ok: boolean }>("GET", "/sales/clocks/audit")
  expect(report.ok).toBe(true)
}, 120_000)
