import { afterAll, expect, test } from "bun:test"
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { ConfigError } from "../../src/config/config.ts"
import { ENTRIES_MAX, type Entry, FAILURES_MAX } from "../../src/core/ports/logbook.ts"
import { FileLogbook } from "../../src/embedded/file-logbook.ts"

const folder = mkdtempSync(join(tmpdir(), "doorbuster-logbook-"))
afterAll(() => rmSync(folder, { recursive: true }))

const entry = (at: number): Entry => ({
  at,
  action: "pauseSale",
  subject: "shoes",
  address: "127.0.0.1",
  node: "node-1",
})
const lines = (file: string) => readFileSync(file, "utf8").trimEnd().split("\n")

test("keeps the latest entries in a small file that only its owner can read", async () => {
  const file = join(folder, "bounded.jsonl")
  const logbook = new FileLogbook(file)
  for (let at = 1; at <= 10 * ENTRIES_MAX + 7; at++) await logbook.enter(entry(at))
  const kept = await logbook.entries()
  expect(kept).toHaveLength(ENTRIES_MAX)
  expect([kept[0]!.at, kept.at(-1)!.at]).toEqual([9 * ENTRIES_MAX + 8, 10 * ENTRIES_MAX + 7])
  expect(lines(file).length).toBeLessThanOrEqual(4 * ENTRIES_MAX)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(await new FileLogbook(file).entries()).toEqual(kept)
})

test("a power cut loses at most the line that it cut off", async () => {
  const file = join(folder, "cut.jsonl")
  const logbook = new FileLogbook(file)
  await logbook.enter(entry(1))
  appendFileSync(file, '{"at":2,"action":"clo')
  const next = new FileLogbook(file)
  await next.enter(entry(3))
  await next.enter(entry(4))
  const read = await new FileLogbook(file).entries()
  expect(read.map(({ at }) => at)).toEqual([1, 3, 4])
})

test("failed sign-ins are added up by minute and subnet, bounded, apart from the entries, and outlive the process", async () => {
  const file = join(folder, "failures.jsonl")
  const logbook = new FileLogbook(file)
  await logbook.enter(entry(1))
  await logbook.addFailures([{ at: 60_000, subnet: "192.0.2.1", count: 2 }])
  await logbook.addFailures([
    { at: 60_000, subnet: "192.0.2.1", count: 3 },
    { at: 60_000, subnet: "192.0.2.2", count: 1 },
  ])
  expect(await logbook.failures()).toEqual([
    { at: 60_000, subnet: "192.0.2.1", count: 5 },
    { at: 60_000, subnet: "192.0.2.2", count: 1 },
  ])
  const more = Array.from({ length: 2 * FAILURES_MAX }, (_, at) => ({ at: at + 1, subnet: "192.0.2.3", count: 1 }))
  await logbook.addFailures(more)
  const kept = await new FileLogbook(file).failures()
  expect(kept).toHaveLength(FAILURES_MAX)
  expect(kept.at(-1)).toEqual({ at: 60_000, subnet: "192.0.2.2", count: 1 })
  expect(await new FileLogbook(file).entries()).toEqual([entry(1)])
  expect(statSync(join(folder, "failed-sign-ins.json")).mode & 0o777).toBe(0o600)
})

/* The kind: a file of ours that somebody edited, or that something else took the place of. */
test("given odd lines, the logbook keeps the entries between them", async () => {
  const file = join(folder, "odd.jsonl")
  const odd = [
    "null",
    "5",
    '"x"',
    "[]",
    "{}",
    "{",
    "true",
    "\0",
    '{"at":"now"}',
    '{"at":1e300,"action":"a","address":"","node":""}',
  ]
  const wrong = [
    { ...entry(1), at: null },
    { ...entry(1), action: 5 },
    { ...entry(1), subject: {} },
    { ...entry(1), status: "200" },
  ]
  const lines = [...odd, JSON.stringify(entry(7)), ...wrong.map(one => JSON.stringify(one)), JSON.stringify(entry(8))]
  appendFileSync(file, `${lines.join("\n")}\n`)
  expect(await new FileLogbook(file).entries()).toEqual([entry(7), entry(8)])
})

test("given a folder in place of the logbook, the start says so in one sentence", () => {
  const file = join(folder, "folder.jsonl")
  mkdirSync(file)
  expect(() => new FileLogbook(file)).toThrow(/^The logbook .*folder\.jsonl cannot be read: .*EISDIR.*\.$/)
  expect(() => new FileLogbook(file)).toThrow(ConfigError)
})
