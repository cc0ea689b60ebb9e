import { expect, test } from "bun:test"
import { join } from "node:path"
import { CONTENDERS } from "../../bench/contender.ts"
import { costsOf } from "../../bench/costs/write.ts"
import type { Cost, GrowthRun, OrdersPoint } from "../../bench/growth/figures.ts"
import { type LatencyRun, SHARES } from "../../bench/latency/figures.ts"
import { drawGrowth } from "../../bench/report/growth.ts"
import { drawLatency } from "../../bench/report/latency.ts"
import { writePage } from "../../bench/report/page.ts"
import { drawSoak } from "../../bench/report/soak.ts"
import { writeTables } from "../../bench/report/table.ts"
import { compare } from "../../bench/report/targets.ts"
import type { Results } from "../../bench/results.ts"
import type { Soak } from "../../bench/soak/figures.ts"
import { COSTS } from "../../src/cli/plan/costs.ts"

const RESULTS = join(import.meta.dir, "../../bench/results")
const percentiles = (p99: number) => ({ p50: 1, p90: 2, p99, p999: p99 * 2, max: p99 * 3 })
const counts = { seconds: 3, answers: 3_000, above399: 0, broken: 0, unanswered: 0, bytesIn: 1, bytesOut: 1 }
const P99 = { floor: 1, embedded: 3, stack: 9, baseline: 9 }

const latency: LatencyRun[] = (["floor", "embedded", "stack"] as const).flatMap(contender =>
  SHARES.map(share => {
    const times = { latencyMs: percentiles(P99[contender]), lateMs: percentiles(0.5) }
    return { round: 1, contender, share, capacity: 4_000, perSecond: 4_000 * share, ...counts, ...times }
  }),
)
const cost = (orders: number): Cost => ({ orders, perSecond: 10_000, p99Ms: 5, cpuMicrosecondsEach: 80 })
const point = (orders: number): OrdersPoint => {
  return { orders, fresh: [cost(orders)], warm: [cost(orders)], startSeconds: [0.5], residentMb: { supervisor: 100 } }
}
const growth: GrowthRun[] = [1, 1_000].map(at => ({ axis: "sales", at, cpuMicrosecondsEach: 80 * Math.sqrt(at) }))
const points = [point(1_000), point(1_000_000)] as [OrdersPoint, OrdersPoint]
const scale = { orders: 1_000_000, attempts: 2_000_000, residentMb: { "replica 1": 100, supervisor: 100 } }
const minutes: Soak["minutes"] = [1, 2, 3].map(minute => {
  const kept = { residentMb: { replica: 300 }, filesMb: { sqlite: minute * 10 } }
  return {
    minute,
    answers: 60_000,
    accepted: 30_000,
    broken: 0,
    perSecond: 1_000,
    p50Ms: 1,
    p99Ms: 4,
    orders: minute * 30_000,
    ...kept,
  }
})

/** The rates of the run that docs/capacity.md shows, with the parts that are not rates. */
async function whole(): Promise<Results> {
  const [, name = ""] =
    /bench\/results\/([\w-]+\.json)\)/.exec(await Bun.file(join(RESULTS, "../../docs/capacity.md")).text()) ?? []
  const rates = (await Bun.file(join(RESULTS, name)).json()) as Results
  const { bytes, order } = COSTS
  return {
    ...rates,
    latency,
    sizes: { bytes, order },
    store: await Bun.file(join(RESULTS, "store.json")).json(),
    short: { median: 3, ratios: [3, 3, 3] },
    scale: { ...scale, points, growth, small: points[0], large: points[1] },
  }
}

test("given a whole run, every table, picture and cost is complete", async () => {
  const results = await whole()
  const costs = costsOf(results)
  const page = writePage(results, "a-run.json", costs)
  for (const contender of CONTENDERS) expect(page).toContain(`| ${contender} |`)
  const pictures = [drawGrowth(results.scale!), drawLatency(latency)]
  for (const text of [page, JSON.stringify(costs), ...pictures]) expect(text).not.toMatch(/NaN|undefined|null/)
  expect(page).toContain("**1 to 1,000: 31.6 x**")
})

test("latency at half of the capacity is judged against the floor's", async () => {
  const judged = compare(await whole()).filter(({ what }) => what.includes("50 % of capacity"))
  expect(judged.map(({ found, ok }) => [found, ok])).toEqual([
    ["3.00 x", true],
    ["9.00 x", false],
  ])
})

test("a soak is told by its first and its last minutes", async () => {
  const soak: Soak[] = [{ contender: "embedded", capacity: 2_000, perSecond: 1_000, minutes }]
  const results: Results = { ...(await whole()), runs: [], memory: [], soak }
  expect(writeTables(results)).toContain("files of sqlite, bytes an order | 333 | 333 |")
  const page = writePage(await whole(), "a-run.json", COSTS, { name: "a-soak", soak })
  expect(page).toContain("](../bench/results/a-soak-soak.svg)")
  expect(drawSoak(soak)).not.toMatch(/NaN|undefined/)
})
