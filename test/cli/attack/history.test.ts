import { afterAll, expect, test } from "bun:test"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { attack } from "../../../src/cli/attack/attack.ts"
import { HistoryWriter } from "../../../src/cli/attack/history-writer.ts"
import { http, openFakeServer } from "./fake-server.ts"

const folder = mkdtempSync(join(tmpdir(), "attack-history-"))
afterAll(() => rmSync(folder, { recursive: true }))

interface Line {
  type: string
  op: number
  t: number
  key?: string
  [field: string]: unknown
}

function read(file: string): Line[] {
  return readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map(line => JSON.parse(line) as Line)
}

test("a request is in the history before the server receives it", async () => {
  const file = join(folder, "before.jsonl")
  const missing: string[] = []
  using server = openFakeServer(10, (asked, { sell }) => {
    const key = asked.headers["idempotency-key"]!
    const invoked = read(file).filter(line => line.type === "invoke" && line.key === key)
    if (invoked.length !== asked.earlier + 1) missing.push(key)
    return asked.earlier === 0 ? { cut: "" } : sell(asked)
  })
  await attack({ url: server.url, buyers: 30, concurrency: 5, history: file })
  expect(missing).toEqual([])
})

test("the history has one answer for each request: ok, fail or info", async () => {
  const file = join(folder, "ends.jsonl")
  using server = openFakeServer(1, (asked, { sell }) => {
    const answer = sell(asked)
    if (asked.earlier === 0) return { cut: answer.slice(0, 30) }
    return asked.earlier === 1 ? http(503, '{"code":"overloaded"}') : answer
  })
  await attack({ url: server.url, buyers: 2, concurrency: 1, history: file })
  const lines = read(file)
  const ends = lines.filter(line => line.type !== "invoke")
  expect(lines.filter(line => line.type === "invoke").map(({ op }) => op)).toEqual([1, 2, 3, 4, 5, 6])
  expect(ends.map(({ op, type, status, code }) => ({ op, type, status, code }))).toEqual([
    { op: 1, type: "info", status: 0, code: "broken" },
    { op: 2, type: "fail", status: 503, code: "overloaded" },
    { op: 3, type: "ok", status: 200, code: "confirmed" },
    { op: 4, type: "info", status: 0, code: "broken" },
    { op: 5, type: "fail", status: 503, code: "overloaded" },
    { op: 6, type: "fail", status: 409, code: "sold_out" },
  ])
  expect(ends[2]).toMatchObject({ orderId: expect.stringMatching(/^A\d+-TEST$/), state: "confirmed", replayed: true })
  expect(ends[2]).toMatchObject({ seq: expect.any(Number), node: "node-1" })
  expect(lines[0]).toMatchObject({ sale: "shoes", customer: expect.any(String), sku: "shoe", quantity: 1 })
  const times = lines.map(({ t }) => t)
  expect(times.every(Number.isSafeInteger)).toBe(true)
  expect(times).toEqual(times.toSorted((a, b) => a - b))
})

test("a file that cannot be written throws one sentence", () => {
  expect(() => new HistoryWriter(join(folder, "no", "such.jsonl"))).toThrow(/^.*such\.jsonl cannot be written: .+\.$/)
})
