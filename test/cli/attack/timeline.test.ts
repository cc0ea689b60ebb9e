import { expect, test } from "bun:test"
import { PURCHASE_RESULTS, ResultTimeline } from "../../../src/cli/attack/report/timeline.ts"

test("the timeline counts 50,000 purchases over 500 seconds in at most 96 points, and loses none", () => {
  const timeline = new ResultTimeline(0)
  const purchases = 50_000
  for (let at = 0; at < purchases; at++) timeline.settle(PURCHASE_RESULTS[at % 4] ?? "sold", 5, at * 10)
  const seconds = timeline.seconds
  expect(seconds.length).toBeLessThanOrEqual(96)
  expect(seconds.at(-1)!).toBeWithin(480, 520)
  const step = seconds[1]! - seconds[0]!
  for (const result of PURCHASE_RESULTS) {
    const total = timeline.perSecond(result).reduce((sum, rate) => sum + rate * step, 0)
    expect(total).toBeCloseTo(purchases / 4, 5)
  }
  for (const rate of timeline.perSecond("sold").slice(0, -1)) expect(rate).toBeCloseTo(25, 0)
})

test("a quantile is at most a fifth too long, and null where no purchase ended", () => {
  const timeline = new ResultTimeline(0)
  for (let ms = 1; ms <= 100; ms++) timeline.settle("sold", ms, 0)
  timeline.settle("unknown", 0.01, 100)
  const [p50, p99] = [timeline.quantileMs(0.5), timeline.quantileMs(0.99)]
  expect(p50[0]).toBeWithin(50, 60.1)
  expect(p99[0]).toBeWithin(99, 119)
  expect(p50[1]).toBeNull()
  expect(p50[5]).toBeWithin(0.09, 0.11)
})
