import { expect, test } from "bun:test"
import { attack } from "../../src/cli/attack/attack.ts"
import { eventually } from "../crash/eventually.ts"
import { administrator, readyNode, replaced } from "../crash/node.ts"
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
  const witness = new Witness(stack)
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
  const wentBack = await witness.goHome()

  expect(wentBack).toEqual([])
  const { orders } = (await stack.admin<{ totals: { orders: number } }>("GET", `/sales/${SALE}/audit`)).totals
  expect(orders).toBe(UNITS)
  const scrapes = await Promise.all(stack.urls.map(url => Scrape.of(url)))
  const sum = (labels: Record<string, string>) =>
    scrapes.reduce((sum, scrape) => sum + scrape.sum("flash_sale_requests_total", labels), 0)
  expect(sum({ sale: SALE, outcome: "confirmed" })).toBe(orders)
  // nginx may have asked twice where an answer was lost; each of those was counted once.
  expect(sum({})).toBeGreaterThanOrEqual(report.requests)
  const all = (await summed(stack.url))!
  expect(all.sum("flash_sale_requests_total")).toBe(sum({}))
  for (const [at, scrape] of scrapes.entries()) {
    expect(scrape.sum("flash_sale_node_restarts_total", { node: stack.replicas[at]!.name })).toBe(ROUNDS)
  }
  expect(all.sum("flash_sale_gate_open")).toBe(1)
}, 180_000)

/** Looks at every counter again and again. */
class Witness {
  readonly #wentBack: string[] = []
  readonly #seen: Scrape[]
  #seenByAll = new Scrape("")
  #goHome = false
  readonly #done: Promise<void>

  constructor(private readonly stack: NativeStack) {
    this.#seen = stack.urls.map(() => new Scrape(""))
    this.#done = this.#run()
    this.#done.catch(() => {})
  }

  /** Every counter that went back, or was gone, in between. */
  async goHome(): Promise<string[]> {
    this.#goHome = true
    await this.#done
    // What the processes themselves use begins anew with each.
    return this.#wentBack.filter(series => series.startsWith("flash_sale_"))
  }

  async #run(): Promise<void> {
    while (!this.#goHome) {
      for (const [at, url] of this.stack.urls.entries()) {
        const scrape = await Scrape.of(url).catch(() => undefined)
        // A process that has just begun may not know yet what its predecessor had counted.
        if (!scrape?.sum("flash_sale_purchase_duration_seconds_count")) continue
        this.#see(this.#seen[at]!, scrape)
        this.#seen[at] = scrape
      }
      const all = await summed(this.stack.url)
      if (all) this.#see(this.#seenByAll, all)
      this.#seenByAll = all ?? this.#seenByAll
      await Bun.sleep(20)
    }
  }

  #see(before: Scrape, now: Scrape): void {
    this.#wentBack.push(...before.wentBack(now))
  }
}

async function summed(url: string): Promise<Scrape | undefined> {
  const headers = { Authorization: `Bearer ${ADMIN_TOKEN}`, Connection: "close" }
  const response = await fetch(`${url}/api/v1/admin/metrics`, { headers })
  return response.ok ? new Scrape(await response.text()) : undefined
}
