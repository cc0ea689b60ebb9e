import { afterAll, beforeAll, expect, test } from "bun:test"
import type { NodeList } from "../../src/wire/wire.ts"
import { needs } from "../support/needs.ts"
import { PROMTOOL } from "../support/programs.ts"
import { Scrape } from "../support/scrape.ts"
import { DEMO_SALE, System } from "../support/system.ts"
import { tokenOf } from "../support/token.ts"

/** Names that the documented interface or the metrics client uses although promtool warns. */
const NAMED_OTHERWISE =
  /^(flash_sale_units_total|nodejs_active_(handles|requests|resources)_total) non-counter metrics should not/

let system: System
/** The number of answered purchases by node and outcome, according to the responses. */
const given = new Map<string, number>()

beforeAll(async () => {
  system = await System.start()
  await system.createSale("few", { total: 20 })
}, 30_000)
afterAll(() => system.stop())

async function buy(sale: string, token: string, key: string, body: object = { sku: sale }): Promise<void> {
  const headers = { "Idempotency-Key": key, Connection: "close" }
  const request = { method: "POST", token, headers, body: JSON.stringify(body) }
  const response = await system.request(`/api/v1/sales/${sale}/orders`, request)
  const { code, state } = (await response.json()) as { code?: string; state?: string }
  const outcome = code ?? (response.status === 200 ? "replayed" : state)
  const name = `${response.headers.get("x-served-by")} ${outcome}`
  given.set(name, (given.get(name) ?? 0) + 1)
}

async function crowd(prefix: string, buyers: number): Promise<void> {
  const one = async (at: number) => {
    await buy("few", tokenOf(`${prefix}-${at}`), "k")
    await buy("few", tokenOf(`${prefix}-${at}`), "k")
    if (at % 4 === 0) await buy("few", "", "k")
    if (at % 5 === 0) await buy("few", tokenOf(`${prefix}-${at}`), "k", {})
    if (at % 7 === 0) await buy("nowhere", tokenOf(`${prefix}-${at}`), "k")
  }
  await Promise.all(Array.from({ length: buyers }, (_, at) => one(at)))
}

function counted(scrape: Scrape): Map<string, number> {
  const series = [...scrape.values].filter(([name]) => name.startsWith("flash_sale_requests_total{"))
  const sums = new Map<string, number>()
  for (const [name, value] of series) {
    // Series begin at zero, so that the first buyers are seen in a rate.
    if (value === 0) continue
    const label = (wanted: string) => new RegExp(`\\b${wanted}="([^"]*)"`).exec(name)![1]!
    const key = `${label("node")} ${label("outcome")}`
    sums.set(key, (sums.get(key) ?? 0) + value)
  }
  return sums
}

test("the counters by node and outcome equal the responses", async () => {
  await crowd("a", 40)
  const scrape = await Scrape.of(system.url)
  expect(counted(scrape)).toEqual(given)
  expect(new Set([...given.keys()].map(key => key.split(" ")[0])).size).toBe(3)
  const all = [...given.values()].reduce((sum, times) => sum + times, 0)
  const successes = scrape.sum("flash_sale_requests_total", { status: "success" })
  expect(successes + scrape.sum("flash_sale_requests_total", { status: "fail" })).toBe(all)
  expect(successes).toBe(40)
  expect(scrape.sum("flash_sale_purchase_duration_seconds_count")).toBe(all)
})

test("units add up, and every documented series is there", async () => {
  const scrape = await Scrape.of(system.url)
  const units = (state: string) => scrape.sum("flash_sale_units", { sale: "few", state })
  expect([units("free"), units("held"), units("sold")]).toEqual([0, 0, 20])
  expect(scrape.sum("flash_sale_units_total", { sale: DEMO_SALE })).toBe(100)
  expect(Object.fromEntries(scrape.types)).toMatchObject({
    flash_sale_requests_total: "counter",
    flash_sale_shed_total: "counter",
    flash_sale_queue_duration_seconds: "histogram",
    flash_sale_purchase_duration_seconds: "histogram",
    flash_sale_units: "gauge",
    flash_sale_units_total: "gauge",
    flash_sale_conservation_violations_total: "counter",
    flash_sale_batch_size: "histogram",
    flash_sale_store_call_duration_seconds: "histogram",
    flash_sale_ledger_lag_facts: "gauge",
    flash_sale_ledger_lag_seconds: "gauge",
    flash_sale_gate_open: "gauge",
    flash_sale_node_restarts_total: "counter",
    process_resident_memory_bytes: "gauge",
    nodejs_eventloop_lag_seconds: "gauge",
  })
  expect(scrape.sum("flash_sale_gate_open")).toBe(1)
  expect(scrape.sum("flash_sale_conservation_violations_total")).toBe(0)
})

test("purchases of sales that do not exist add no series", async () => {
  const before = (await Scrape.of(system.url)).values.size
  for (let at = 0; at < 30; at++) await buy(`nowhere-${at}`, tokenOf("probe"), "k")
  const after = await Scrape.of(system.url)
  expect(after.values.size - before).toBeLessThanOrEqual(3)
  expect([...after.values.keys()].filter(series => series.includes("nowhere"))).toEqual([])
})

needs(PROMTOOL).test("promtool finds nothing wrong", async () => {
  const text = await (await system.request("/metrics")).text()
  const tool = Bun.spawn([PROMTOOL.path, "check", "metrics"], {
    stdin: new Blob([text]),
    stdout: "pipe",
    stderr: "pipe",
  })
  const said = (await new Response(tool.stdout).text()) + (await new Response(tool.stderr).text())
  expect(said.split("\n").filter(line => line !== "" && !NAMED_OTHERWISE.test(line))).toEqual([])
})

test("given replicas that are killed and replaced, no counter goes back and nothing is counted twice", async () => {
  await crowd("b", 20)
  let before = await Scrape.of(system.url)
  expect(counted(before)).toEqual(given)
  for (const node of ["node-1", "node-2", "node-1"]) {
    await system.admin("POST", `/nodes/${node}/kill`).catch(() => "the replica that was asked has died of it")
    for (let restarting = true; restarting; ) {
      const scrape = await Scrape.of(system.url).catch(() => before)
      expect(before.wentBack(scrape)).toEqual([])
      before = scrape
      const list = await system.admin<NodeList>("GET", "/nodes").catch(() => undefined)
      restarting = list?.nodes.some(({ state }) => state !== "ready") ?? true
    }
  }
  await crowd("c", 20)
  const after = await Scrape.of(system.url)
  expect(before.wentBack(after)).toEqual([])
  expect(counted(after)).toEqual(given)
  expect(after.sum("flash_sale_node_restarts_total")).toBe(3)
}, 60_000)
