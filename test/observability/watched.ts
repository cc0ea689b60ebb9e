import { afterAll, beforeAll, expect, test } from "bun:test"
import { launchNight } from "../../scripts/dashboards/launch-night.ts"
import { eventually } from "../support/eventually.ts"
import { Prometheus, type Targets } from "../support/prometheus.ts"
import type { Site } from "../support/site.ts"
import { panelsOf } from "./board.ts"
import { Buyers } from "./buyers.ts"
import { asGrafanaAsks, metricsIn } from "./expressions.ts"

export interface Watched {
  site: Site & AsyncDisposable
  targets: Targets
  /** Replaces replicas in order, while buyers buy. `seen` resolves when Prometheus sees all of them. */
  restart(seen: () => Promise<unknown>): Promise<void>
}

export interface Except {
  /** Metrics that this shape does not have. */
  metrics: string[]
  /** Alerts that fire in this shape although nothing is wrong. */
  alerts: string[]
}

/** Alerts that a slow machine may cause. */
const OF_SLOW_MACHINES = ["PurchasesSlow", "LedgerLag"]
/** Series of Prometheus itself. */
const ITS_OWN = ["up", "ALERTS"]
const RATE = 150
const UNITS = 400
const LOOK_BACK_SECONDS = 60
const SETUP_MAX_MS = 120_000
const TEST_MAX_MS = 60_000
/** Prometheus scrapes and evaluates its rules every second. */
const SOON_MS = 30_000

/** Tests that the queries of dashboards and rules have correct results while a real system is under attack. */
export function watched(start: () => Promise<Watched>, except: Except): void {
  let system: Watched
  let prometheus: Prometheus
  let crowd: Buyers

  beforeAll(async () => {
    system = await start()
    const { site, targets } = system
    await site.createSale("shoes", { total: UNITS })
    prometheus = await Prometheus.start(targets)
    // No rate includes what was counted before the first scrape.
    await eventually("Prometheus has looked", async () => {
      const seen = await prometheus.value(`count(flash_sale_requests_total{sale="shoes", outcome="confirmed"})`)
      return seen === 3
    })
    crowd = new Buyers(site.url, "shoes", { rate: RATE })
  }, SETUP_MAX_MS)

  afterAll(async () => {
    await crowd?.[Symbol.asyncDispose]()
    await prometheus?.[Symbol.asyncDispose]()
    await system?.site[Symbol.asyncDispose]()
  }, SETUP_MAX_MS)

  async function returnsData(expr: string): Promise<void> {
    const what = `data for ${expr}`
    await eventually(what, async () => (await prometheus.range(expr, LOOK_BACK_SECONDS)).some(Number.isFinite), SOON_MS)
  }

  test.each(panelsOf(launchNight()).flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr] as const)))(
    "the board shows %s: %s",
    (_, expr) => returnsData(asGrafanaAsks(expr)),
    TEST_MAX_MS,
  )

  test(
    "every rule works, and what is recorded has data",
    async () => {
      const rules = await prometheus.rules()
      expect(rules.length).toBeGreaterThan(20)
      expect(rules.filter(({ health }) => health !== "ok")).toEqual([])
      for (const { name } of rules.filter(({ type }) => type === "recording")) await returnsData(name)
    },
    TEST_MAX_MS,
  )

  test(
    "no rule or panel names a metric that does not exist",
    async () => {
      const rules = await prometheus.rules()
      const asked = panelsOf(launchNight()).flatMap(({ targets }) => targets.map(({ expr }) => asGrafanaAsks(expr)))
      const named = new Set([...rules.map(({ query }) => query), ...asked].flatMap(metricsIn))
      const known = new Set([...rules.map(({ name }) => name), ...ITS_OWN])
      expect(named.size).toBeGreaterThan(15)
      const unknown: string[] = []
      for (const name of named) if (!known.has(name) && !(await prometheus.knows(name))) unknown.push(name)
      expect(unknown.sort()).toEqual([...except.metrics].sort())
    },
    TEST_MAX_MS,
  )

  test(
    "the seed's query shows its two lines",
    async () => {
      const lines = await eventually("both lines rise", async () => {
        const rates = await prometheus.query("sum(rate(flash_sale_requests_total[1m])) by (status)")
        return rates.length === 2 && rates.every(({ value }) => value > 0) && rates
      })
      expect(lines.map(({ labels }) => labels.status).sort()).toEqual(["fail", "success"])
    },
    TEST_MAX_MS,
  )

  test(
    "what all replicas counted is what the ledger holds, though they were restarted under attack",
    async () => {
      const counted = (outcome: string) => `sum(flash_sale_requests_total{sale="second", outcome="${outcome}"})`
      const nodes = async () => (await prometheus.query("count by (node) (flash_sale_requests_total)")).length
      await system.site.createSale("second", { total: 100_000 })
      await using buyers = new Buyers(system.site.url, "second", { rate: RATE })
      await eventually("it sells", async () => ((await prometheus.value(counted("confirmed"))) ?? 0) > 0)
      await system.restart(() =>
        eventually("Prometheus sees all", async () => {
          return (await prometheus.value("flash_sale:replicas:up")) === system.targets.web!.length
        }),
      )
      const before = buyers.answered
      await eventually("it sells on", () => buyers.answered > before + RATE)
      await buyers.stop()
      const { totals } = await eventually("the ledger has all", async () => {
        const audit = await system.site.admin<Audit>("GET", "/sales/second/audit")
        return audit.ok && audit.totals.orders >= buyers.answered && audit
      })
      await eventually("Prometheus has seen the last of it", async () => {
        const sold = await prometheus.value(`max(flash_sale_units{sale="second", state="sold"})`)
        return sold === totals.sold && (await prometheus.value(counted("confirmed"))) === totals.orders
      })
      expect(await nodes()).toBe(3)
      expect(await prometheus.value("sum(flash_sale_node_restarts_total)")).toBeGreaterThanOrEqual(3)
      // No counter decreased on the way: a rate would take that for a reset and count twice.
      expect(await prometheus.value(`max(resets(flash_sale_requests_total[5m]))`)).toBe(0)
    },
    SETUP_MAX_MS,
  )

  test("without a fault no alert fires", async () => {
    const firing = await prometheus.query(`max_over_time(ALERTS{alertstate="firing"}[5m])`)
    const names = new Set(firing.map(({ labels }) => labels.alertname!))
    for (const name of [...except.alerts, ...OF_SLOW_MACHINES]) names.delete(name)
    expect([...names]).toEqual([])
  })
}

interface Audit {
  ok: boolean
  totals: { sold: number; orders: number }
}
