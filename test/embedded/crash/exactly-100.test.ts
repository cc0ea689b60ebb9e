import { expect, test } from "bun:test"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { auditSale } from "../../../src/audit/audit-sale.ts"
import { attack } from "../../../src/cli/attack/attack.ts"
import { HttpConnection } from "../../../src/cli/attack/http/connection.ts"
import { purchaseRequests } from "../../../src/cli/attack/http/requests.ts"
import { parseTarget } from "../../../src/cli/attack/http/target.ts"
import { HistoryFile } from "../../../src/cli/audit/history-file.ts"
import { httpSources } from "../../../src/cli/audit/sources.ts"
import type { Order } from "../../../src/wire/wire.ts"
import { effort } from "../../support/effort.ts"
import { administrator } from "../../support/node.ts"
import { SESSION_SECRET, System } from "../../support/system.ts"
import { tokenOf } from "../../support/token.ts"

const RUNS = effort(20, 3)
const CUSTOMERS = 2_000
const ATTEMPTS_EACH = 5
const CLICKS = 50

test(`10,000 attempts of 2,000 customers for 100 units sell exactly 100, ${RUNS} times`, async () => {
  await using system = await System.start({ env: { DEMO: "0" } })
  const client = administrator(system)
  const folder = mkdtempSync(join(tmpdir(), "doorbuster-hundred-"))
  for (let run = 1; run <= RUNS; run++) {
    const sale = `run-${run}`
    await system.createSale(sale, { total: 100 })
    const history = join(folder, `${sale}.jsonl`)
    const report = await attack({
      url: system.url,
      sale,
      secret: SESSION_SECRET,
      buyers: CUSTOMERS,
      requestsPerBuyer: ATTEMPTS_EACH,
      concurrency: 200,
      history,
    })
    expect(report).toMatchObject({ ok: true, confirmed: 100, unknown: 0, stock: { total: 100, free: 0, sold: 100 } })
    expect(Object.keys(report.refused).filter(code => code !== "sold_out" && code !== "limit_reached")).toEqual([])
    expect(Object.keys(report.nodes).sort()).toEqual(["node-1", "node-2", "node-3"])
    expect(report.requests).toBeGreaterThanOrEqual(CUSTOMERS * ATTEMPTS_EACH)
    const evidence = { lines: new HistoryFile(history).lines(), isComplete: true }
    const audit = await auditSale(httpSources(client).of(sale), evidence)
    expect(audit.violations).toEqual([])
    const { orders } = await client.orders(sale, 0)
    expect(new Set(orders.map(({ customerId }) => customerId)).size).toBe(100)
    expect(audit.totals).toEqual({ total: 100, free: 0, held: 0, sold: 100, orders: 100 })
  }
  rmSync(folder, { recursive: true })
}, 120_000)

test(`${CLICKS} clicks of one customer at once, over ${CLICKS} connections, buy one unit`, async () => {
  await using system = await System.start()
  const address = parseTarget(system.url, false)
  await system.createSale("clicks", { total: 100, limitPerCustomer: 10 })
  const connections = await Promise.all(Array.from({ length: CLICKS }, () => HttpConnection.open(address, 5_000)))
  const click = purchaseRequests(address, "clicks", "clicks", 1)(tokenOf("clicker"), "the-same-key")
  const replies = await Promise.all(connections.map(connection => connection.send(click, 5_000)))
  for (const connection of connections) connection.close()

  expect(new Set(replies.map(({ node }) => node)).size).toBeGreaterThan(1)
  const orders = replies.map(({ body }) => JSON.parse(body) as Order)
  expect(new Set(orders.map(order => JSON.stringify(order))).size).toBe(1)
  expect(orders[0]).toMatchObject({ state: "confirmed", customerId: "clicker", quantity: 1 })
  expect(replies.filter(({ status, replayed }) => status === 201 && !replayed)).toHaveLength(1)
  expect(replies.filter(({ status, replayed }) => status === 200 && replayed)).toHaveLength(CLICKS - 1)
  const { orders: kept } = await administrator(system).orders("clicks", 0)
  expect(kept).toEqual(orders.slice(0, 1))
}, 30_000)
