import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Sale } from "../../src/wire/wire.ts"
import { type Event, LiveReader } from "../support/http/live-reader.ts"
import { System } from "../support/system.ts"
import { tokenOf } from "../support/token.ts"

let system: System

beforeAll(async () => {
  system = await System.start()
}, 30_000)
afterAll(() => system.stop())

function soldIn({ sale }: Event): number {
  return sale.items[0]!.sold
}

test("the first event comes at once and has the sale", async () => {
  await system.createSale("quiet")
  using reader = await LiveReader.open(system.url, "quiet")
  const first = await reader.until(() => true)
  expect(first.at - reader.openedAt).toBeLessThan(2000)
  const { now: _, ...sale } = first.sale
  expect((await (await system.request("/api/v1/sales/quiet")).json()) as Sale).toMatchObject(sale)
  expect(reader.headers.get("content-type")).toBe("text/event-stream")
  expect(reader.headers.get("cache-control")).toBe("no-store")
  expect(reader.headers.get("x-served-by")).toMatch(/^node-/)
})

test("every viewer of every replica gets each purchase soon, and nothing else", async () => {
  await system.createSale("watched")
  await system.createSale("other")
  const readers = await Promise.all(Array.from({ length: 12 }, () => LiveReader.open(system.url, "watched")))
  await Promise.all(readers.map(reader => reader.until(() => true)))
  await system.buy("other", tokenOf("ann"), "k")
  await system.buy("watched", tokenOf("ann"), "k")
  const boughtAt = performance.now()
  for (const reader of readers) {
    const event = await reader.until(found => soldIn(found) === 1)
    expect(event.at - boughtAt).toBeLessThan(2000)
    expect(new Set(reader.events.map(({ sale }) => sale.id))).toEqual(new Set(["watched"]))
  }
  for (const reader of readers) reader[Symbol.dispose]()
})

test("many purchases make at most five events a second, in order, and the last one has the final stock", async () => {
  await system.createSale("storm", { total: 2000 })
  using reader = await LiveReader.open(system.url, "storm")
  await reader.until(() => true)
  const end = performance.now() + 2000
  let bought = 0
  await Promise.all(
    Array.from({ length: 8 }, async (_, lane) => {
      for (let at = 0; performance.now() < end; at++) {
        if ((await system.buy("storm", tokenOf(`${lane}-${at}`), "k")).status === 201) bought++
      }
    }),
  )
  await reader.until(event => soldIn(event) === bought)
  const times = reader.events.map(({ at }) => at)
  for (const from of times) {
    // The first event is sent at once, and a busy machine delivers some late.
    expect(times.filter(at => at >= from && at < from + 1000).length).toBeLessThanOrEqual(7)
  }
  const seqs = reader.events.map(({ sale }) => sale.seq)
  expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b))
  expect(reader.others).toEqual([])
}, 30_000)

test("viewers who disconnect during a sale do not disturb it", async () => {
  await system.createSale("hurried", { total: 500 })
  const buying = (async () => {
    for (let at = 0; at < 150; at++) await system.buy("hurried", tokenOf(`h-${at}`), "k")
  })()
  for (let round = 0; round < 10; round++) {
    const readers = await Promise.all(Array.from({ length: 15 }, () => LiveReader.open(system.url, "hurried")))
    for (const reader of readers) reader[Symbol.dispose]()
  }
  await buying
  const { nodes } = await system.admin<{ nodes: { restarts: number }[] }>("GET", "/nodes")
  expect(nodes.map(({ restarts }) => restarts)).toEqual([0, 0, 0])
}, 30_000)

test("a pause, a restock and a close make events too", async () => {
  await system.createSale("steered", { total: 1 })
  using reader = await LiveReader.open(system.url, "steered")
  await system.admin("POST", "/sales/steered/pause")
  await reader.until(({ sale }) => sale.state === "paused")
  await system.admin("POST", "/sales/steered/items/steered/restock", { units: 4 })
  await reader.until(({ sale }) => sale.items[0]!.total === 5)
  await system.admin("POST", "/sales/steered/close")
  await reader.until(({ sale }) => sale.state === "closed")
})

test("the stream of an unknown sale: 404", async () => {
  expect((await system.request("/api/v1/sales/nowhere/live")).status).toBe(404)
})

test("streams end when the system stops, and do not delay the stop", async () => {
  const other = await System.start({ env: { REPLICAS: "2" } })
  await other.createSale("ending")
  const readers = await Promise.all(Array.from({ length: 6 }, () => LiveReader.open(other.url, "ending")))
  const stopped = performance.now()
  expect(await other.stop()).toBe(0)
  expect(performance.now() - stopped).toBeLessThan(2000)
  await Promise.all(readers.map(({ ended }) => ended))
}, 30_000)
