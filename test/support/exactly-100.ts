import { expect } from "bun:test"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { auditSale } from "../../src/audit/audit-sale.ts"
import type { AdminClient } from "../../src/cli/admin-client.ts"
import { attack } from "../../src/cli/attack/attack.ts"
import { HistoryFile } from "../../src/cli/audit/history-file.ts"
import { httpSources } from "../../src/cli/audit/sources.ts"
import { SESSION_SECRET, type Site } from "./site.ts"

const CUSTOMERS = 2_000
const ATTEMPTS_EACH = 5
const REFUSALS = ["sold_out", "limit_reached"]

/** 10,000 attempts of 2,000 customers for 100 units, on a system of three replicas: exactly 100 are sold. */
export async function sellsExactly100(site: Site, client: AdminClient, sale: string, url = site.url): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "doorbuster-hundred-"))
  const history = join(folder, `${sale}.jsonl`)
  await site.createSale(sale, { total: 100 })
  const report = await attack({
    url,
    sale,
    secret: SESSION_SECRET,
    buyers: CUSTOMERS,
    requestsPerBuyer: ATTEMPTS_EACH,
    concurrency: 200,
    history,
  })
  expect(report).toMatchObject({ ok: true, confirmed: 100, unknown: 0, stock: { total: 100, free: 0, sold: 100 } })
  expect(Object.keys(report.refused).filter(code => !REFUSALS.includes(code))).toEqual([])
  expect(Object.keys(report.nodes).sort()).toEqual(["node-1", "node-2", "node-3"])
  expect(report.requests).toBeGreaterThanOrEqual(CUSTOMERS * ATTEMPTS_EACH)
  const evidence = { lines: new HistoryFile(history).lines(), isComplete: true }
  const audit = await auditSale(httpSources(client).of(sale), evidence)
  expect(audit.violations).toEqual([])
  expect(audit.totals).toEqual({ total: 100, free: 0, held: 0, sold: 100, orders: 100 })
  const { orders } = await client.orders(sale, 0)
  expect(new Set(orders.map(({ customerId }) => customerId)).size).toBe(100)
  rmSync(folder, { recursive: true })
}
