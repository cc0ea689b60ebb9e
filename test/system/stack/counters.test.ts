import { expect } from "bun:test"
import { attack } from "../../../src/cli/attack/attack.ts"
import { effort } from "../../support/effort.ts"
import { eventually } from "../../support/eventually.ts"
import { needs } from "../../support/needs.ts"
import { administrator, readyNode, replaced } from "../../support/node.ts"
import { NGINX, POSTGRES, REDIS } from "../../support/programs.ts"
import { Scrape } from "../../support/scrape.ts"
import { SESSION_SECRET } from "../../support/site.ts"
import { NativeStack } from "../../support/stack.ts"
import { CounterWatch, summed } from "./witness.ts"

const { test } = needs(REDIS, POSTGRES, NGINX)

const SALE = "counted"
const BUYERS = 3_000
const UNITS = 1_000
const ROUNDS = effort(2, 1)
const KILLS = effort(6, 2)

test("after an attack with restarts the replicas' counters add up to the ledger, and none ever decreased", async () => {
  await using stack = await NativeStack.start({ nginx: true, keep: true })
  const client = administrator({ url: stack.url, dataDir: stack.folder })
  await stack.createSale(SALE, { total: UNITS })
  const witness = new CounterWatch(stack)
  const attacking = attack({ url: stack.publicUrl, sale: SALE, secret: SESSION_SECRET, buyers: BUYERS, rate: 400 })
  attacking.catch(() => {})
  for (let round = 1; round <= ROUNDS; round++) {
    for (const { name, pid } of stack.replicas) {
      const before = await eventually(`${name} is ready`, () => readyNode(client, name))
      process.kill(pid, "SIGHUP")
      await replaced(client, before, performance.now(), `${name} ends after SIGHUP`)
    }
  }
  const report = await attacking
  const wentBack = await witness.stop()

  expect(wentBack).toEqual([])
  const { orders } = (await stack.admin<{ totals: { orders: number } }>("GET", `/sales/${SALE}/audit`)).totals
  expect(orders).toBe(UNITS)
  const scrapes = await Promise.all(stack.urls.map(url => Scrape.of(url)))
  const sum = (labels: Record<string, string>) =>
    scrapes.reduce((sum, scrape) => sum + scrape.sum("flash_sale_requests_total", labels), 0)
  expect(sum({ sale: SALE, outcome: "confirmed" })).toBe(orders)
  // nginx retries when an answer is lost, and each try counts once.
  expect(sum({})).toBeGreaterThanOrEqual(report.requests)
  const all = (await summed(stack.url))!
  expect(all.sum("flash_sale_requests_total")).toBe(sum({}))
  for (const [at, scrape] of scrapes.entries()) {
    expect(scrape.sum("flash_sale_node_restarts_total", { node: stack.replicas[at]!.name })).toBe(ROUNDS)
  }
  // The control room also reads the worker's metrics: the store and the ledger lag.
  expect(all.sum("flash_sale_gate_open", { sale: SALE })).toBe(1)
  expect(all.sum("flash_sale_ledger_lag_facts", { sale: SALE })).toBe(0)
  expect(all.sum("flash_sale_units", { sale: SALE, state: "sold" })).toBe(UNITS)
}, 180_000)

test("no counter decreases when replicas are killed", async () => {
  await using stack = await NativeStack.start({ nginx: true, keep: true })
  const client = administrator({ url: stack.url, dataDir: stack.folder })
  await stack.createSale(SALE, { total: UNITS })
  const witness = new CounterWatch(stack)
  const attacking = attack({ url: stack.publicUrl, sale: SALE, secret: SESSION_SECRET, buyers: BUYERS, rate: 400 })
  attacking.catch(() => {})
  for (let kill = 0; kill < KILLS; kill++) {
    const name = stack.replicas[kill % stack.replicas.length]!.name
    const before = await eventually(`${name} is ready`, () => readyNode(client, name))
    process.kill(before.pid, "SIGKILL")
    await replaced(client, before, performance.now(), `${name} ends after SIGKILL`)
  }
  const report = await attacking
  expect(await witness.stop()).toEqual([])
  const all = (await summed(stack.url))!
  // A killed process may lose the counts of its last second, but no others.
  expect(all.sum("flash_sale_requests_total")).toBeGreaterThan(report.requests / 2)
  expect(all.sum("flash_sale_node_restarts_total")).toBe(KILLS)
}, 180_000)
