import { afterAll, beforeAll, expect, test } from "bun:test"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { driveArrivals } from "../../bench/load/arrivals.ts"
import { eventually } from "../support/eventually.ts"

const folder = mkdtempSync(join(tmpdir(), "doorbuster-arrivals-"))
const customers = { prefix: join(folder, "buyer"), files: 1, count: 3 }
/** What each connection asked, and how the server answers: it can stand still, and hang up after an answer. */
let keys: string[] = []
let stall = Promise.resolve()
let headers: Record<string, string> = {}
let status = 201

const server = Bun.serve({
  port: 0,
  async fetch(request) {
    keys.push(`${request.headers.get("authorization")} ${request.headers.get("idempotency-key")}`)
    await stall
    return new Response("{}", { status, headers })
  },
})
const target = { url: `http://127.0.0.1:${server.port}/buy`, body: "{}" }

beforeAll(() => writeFileSync(`${customers.prefix}-0.txt`, "ann\nbob\neve\n"))
afterAll(async () => {
  await server.stop(true)
  rmSync(folder, { recursive: true })
})

async function drive(perSecond: number) {
  keys = []
  return driveArrivals(target, customers, { connections: 4, seconds: 1, warmUpSeconds: 0, perSecond })
}

test("given a rate, so many attempts arrive, each with the next token and a key of its own", async () => {
  status = 201
  const found = await drive(200)
  expect(found).toMatchObject({ answers: 200, above399: 0, broken: 0, unanswered: 0 })
  expect(new Set(keys).size).toBe(200)
  expect(keys.filter(key => key.startsWith("Bearer ann ")).length).toBe(67)
})

test("given a server that stands still for half of the time, the attempts of that time count as slow", async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  stall = promise
  const load = drive(200)
  // Four connections can have asked; everybody else waits for one of them.
  await eventually("four have asked", () => keys.length === 4)
  const from = performance.now()
  await eventually("half of the time is over", () => performance.now() > from + 500)
  resolve()
  const stood = performance.now() - from
  const { answers, latencyMs } = await load
  expect(answers).toBe(200)
  // A closed loop would have four slow answers of two hundred, and a p90 of less than a millisecond.
  expect(latencyMs.p90).toBeGreaterThan(stood * 0.6)
  expect(latencyMs.max).toBeGreaterThan(stood * 0.9)
})

test("given refusals and a server that hangs up after each, all are counted and nothing breaks", async () => {
  stall = Promise.resolve()
  headers = { Connection: "close" }
  status = 409
  expect(await drive(100)).toMatchObject({ answers: 100, above399: 100, broken: 0, unanswered: 0 })
})
