import { afterAll, beforeAll, expect, test } from "bun:test"
import { eventually } from "../support/eventually.ts"
import { LiveReader } from "../support/http/live-reader.ts"
import { System } from "../support/system.ts"
import { tokenOf } from "../support/token.ts"

// Kind: what anybody can hold open for as long as they like. It is counted, refused first, and leaves buyers their way in.

let system: System

beforeAll(async () => {
  system = await System.start({ env: { REPLICAS: "1", STREAMS_PER_ADDRESS: "5" } })
}, 30_000)
afterAll(() => system.stop())

test("given as many streams as one address may have, a further one is told to poll, and buyers still buy", async () => {
  await system.createSale("hall")
  const readers = await Promise.all(Array.from({ length: 5 }, () => LiveReader.open(system.url, "hall")))
  const refused = await system.request("/api/v1/sales/hall/live")
  expect(refused.status).toBe(429)
  expect(refused.headers.get("retry-after")).toBe("5")
  expect(await refused.json()).toMatchObject({
    code: "rate_limited",
    detail: "Too many streams are open. Read the sale every few seconds instead.",
  })
  expect((await system.buy("hall", tokenOf("ann"), "k")).status).toBe(201)
  expect((await system.request("/api/v1/sales/hall")).status).toBe(200)
  readers.pop()![Symbol.dispose]()
  await eventually("a viewer who left makes room", async () => {
    const leave = new AbortController()
    const { status } = await system.request("/api/v1/sales/hall/live", { signal: leave.signal })
    leave.abort()
    return status === 200
  })
  for (const reader of readers) reader[Symbol.dispose]()
})
