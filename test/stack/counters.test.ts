import { expect, test } from "bun:test"
import { attack } from "../../src/cli/attack/attack.ts"
import { administrator, readyNodes, replaced } from "../crash/node.ts"
import { Scrape } from "../http/scrape.ts"
import { ADMIN_TOKEN, SESSION_SECRET } from "../support/site.ts"
import { NativeStack } from "../support/stack.ts"

const SALE = "counted"
const BUYERS = 3_000
const UNITS = 1_000
const ROUNDS = 2

test("after an attack with restarts the sum over replicas is the ledger, and no counter ever went back", async () => {
  await using stack = await NativeStack.start({ nginx: true, keep: true })
  const client = administrator({ url: stack.url, dataDir: stack.folder })
  await stack.createSale(SALE, { total: UNITS })
  const seen = stack.urls.map(() => new Scrape(""))
  let seenByAll = new Scrape("")
  const wentBack: string[] = []
  let isOver = false
  const watching = (async () => {
    while (!isOver) {
      for (const [at, url] of stack.urls.entries()) {
        const scrape = await Scrape.of(url).catch(() => undefined)
        // A process that has just begun may not know yet what its predecessor had counted.
        if (!scrape || scrape.sum("flash_sale_purchase_duration_seconds_count") === 0) continue
        wentBack.push(...ofSales(seen[at]!.wentBack(scrape)))
        seen[at] = scrape
      }
      const all = await summed(stack.url)
      if (all) wentBack.push(...ofSales(seenByAll.wentBack(all)))
      seenByAll = all ?? seenByAll
      await Bun.sleep(20)
    }
  })()
  const attacking = attack({ url: stack.publicUrl, sale: SALE, secret: SESSION_SECRET, buyers: BUYERS, rate: 400 })
  for (let round = 1; round <= ROUNDS; round++) {
    for (const { name, pid } of stack.replicas) {
      const before = (await readyNodes(client)).find(({ id }) => id === name)!
      process.kill(pid, "SIGHUP")
      await replaced(client, before, performance.now(), `${name} ends after SIGHUP`)
    }
  }
  const report = await attacking
  isOver = true
  await watching

  expect(wentBack).toEqual([])
  const { orders } = (await stack.admin<{ totals: { orders: number } }>("GET", `/sales/${SALE}/audit`)).totals
  expect(orders).toBe(UNITS)
  const scrapes = await Promise.all(stack.urls.map(url => Scrape.of(url)))
  const sum = (labels: Record<string, string>) =>
    scrapes.reduce((sum, scrape) => sum + scrape.sum("flash_sale_requests_total", { sale: SALE, ...labels }), 0)
  expect(sum({ outcome: "confirmed" })).toBe(orders)
  // nginx may have asked twice where an answer was lost; each of those was counted once.
  expect(sum({})).toBeGreaterThanOrEqual(report.requests)
  const all = (await summed(stack.url))!
  expect(all.sum("flash_sale_requests_total", { sale: SALE })).toBe(sum({}))
  for (const [at, scrape] of scrapes.entries()) {
    expect(scrape.sum("flash_sale_node_restarts_total", { node: stack.replicas[at]!.name })).toBe(ROUNDS)
  }
  expect(all.sum("flash_sale_gate_open")).toBe(1)
}, 180_000)

/** What the processes themselves use begins anew with each. */
function ofSales(series: string[]): string[] {
  return series.filter(name => name.startsWith("flash_sale_"))
}

async function summed(url: string): Promise<Scrape | undefined> {
  const headers = { Authorization: `Bearer ${ADMIN_TOKEN}`, Connection: "close" }
  const response = await fetch(`${url}/api/v1/admin/metrics`, { headers })
  return response.ok ? new Scrape(await response.text()) : undefined
}
