import { expect } from "bun:test"
import { join } from "node:path"
import { auditSale } from "../../../src/audit/audit-sale.ts"
import { attack } from "../../../src/cli/attack/attack.ts"
import { HistoryFile } from "../../../src/cli/audit/history-file.ts"
import { httpSources } from "../../../src/cli/audit/sources.ts"
import { effort } from "../../support/effort.ts"
import { needs } from "../../support/needs.ts"
import { administrator } from "../../support/node.ts"
import { NGINX, POSTGRES, REDIS } from "../../support/programs.ts"
import { SESSION_SECRET } from "../../support/site.ts"
import { NativeStack } from "../../support/stack.ts"

const { test } = needs(REDIS, POSTGRES, NGINX)

const RUNS = effort(5, 2)
const CUSTOMERS = 2_000
const ATTEMPTS_EACH = 5

test(`10,000 attempts of 2,000 customers for 100 units sell exactly 100 over three replicas, ${RUNS} times`, async () => {
  await using stack = await NativeStack.start({ nginx: true })
  const client = administrator({ url: stack.url, dataDir: stack.folder })
  for (let run = 1; run <= RUNS; run++) {
    const sale = `run-${run}`
    await stack.createSale(sale, { total: 100 })
    const history = join(stack.folder, `${sale}.jsonl`)
    const report = await attack({
      url: stack.publicUrl,
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
    expect(audit.totals).toEqual({ total: 100, free: 0, held: 0, sold: 100, orders: 100 })
    const { orders } = await client.orders(sale, 0)
    expect(new Set(orders.map(({ customerId }) => customerId)).size).toBe(100)
  }
}, 180_000)
