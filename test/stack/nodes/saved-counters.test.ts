import { expect, test } from "bun:test"
import type { MetricFamily } from "../../../src/observability/metric-family.ts"
import { ReplicaMetrics } from "../../../src/observability/replica-metrics.ts"
import { SavedCounters } from "../../../src/stack/nodes/saved-counters.ts"

const REQUESTS = "flash_sale_requests_total"

function bought(metrics: ReplicaMetrics, times: number): void {
  for (let at = 0; at < times; at++) metrics.countPurchase("confirmed", false, "sale", 0.001)
}

const confirmed = (series: MetricFamily[]) =>
  series
    .find(({ name }) => name === REQUESTS)
    ?.values.filter(({ labels }) => labels.outcome === "confirmed")
    .reduce((sum, { value }) => sum + value, 0)

test("nothing is shown before the beginning is known, and the successor goes on where it was", async () => {
  const first = new ReplicaMetrics("a")
  const before = new SavedCounters(first, "a")
  bought(first, 2)
  expect(before.counted()).toEqual([])
  expect(before.processMetrics().map(({ name }) => name)).not.toContain("flash_sale_node_restarts_total")
  before.restore(undefined, 0)
  bought(first, 3)
  let kept: string | undefined
  await before.save(async changed => {
    kept = changed
  })

  const second = new ReplicaMetrics("a")
  const after = new SavedCounters(second, "a")
  after.restore(kept, 1)
  bought(second, 4)
  expect(confirmed(after.counted())).toBe(9)
  const duration = after.counted().find(({ name }) => name === "flash_sale_purchase_duration_seconds")!
  expect(duration.values.find(({ metricName }) => metricName?.endsWith("_count"))!.value).toBe(9)
  const restarts = after.processMetrics().find(({ name }) => name === "flash_sale_node_restarts_total")!
  expect(restarts.values).toEqual([{ labels: { node: "a" }, value: 1 }])
})

test("what has not changed is not written again, and a write that failed is", async () => {
  const metrics = new ReplicaMetrics("a")
  const tally = new SavedCounters(metrics, "a")
  tally.restore(undefined, 0)
  const written: (string | undefined)[] = []
  const write = async (changed: string | undefined) => {
    written.push(changed)
  }
  await tally.save(write)
  await tally.save(write)
  bought(metrics, 1)
  await expect(tally.save(() => Promise.reject(new Error("away")))).rejects.toThrow("away")
  await tally.save(write)
  expect(written.map(text => text !== undefined)).toEqual([true, false, true])
})

test("saves never overtake each other: what was saved last is the most", async () => {
  const metrics = new ReplicaMetrics("a")
  const tally = new SavedCounters(metrics, "a")
  tally.restore(undefined, 0)
  const written: number[] = []
  const saves = Array.from({ length: 20 }, async (_, at) => {
    bought(metrics, 1)
    await tally.save(async changed => {
      await Bun.sleep(20 - at)
      written.push(confirmed(JSON.parse(changed ?? "[]") as MetricFamily[]) ?? 0)
    })
  })
  await Promise.all(saves)
  expect(written.filter(count => count > 0)).toEqual(written.filter(count => count > 0).sort((a, b) => a - b))
})

test("what is shown is what was saved, and never less than before", async () => {
  const metrics = new ReplicaMetrics("a")
  const tally = new SavedCounters(metrics, "a")
  expect(tally.exported()).toEqual([])
  tally.restore(undefined, 0)
  bought(metrics, 1)
  await tally.save(async () => {})
  bought(metrics, 1)
  expect(confirmed(tally.exported())).toBe(1)
  const slow = Promise.withResolvers<void>()
  const saving = tally.save(() => slow.promise)
  await Bun.sleep(0)
  bought(metrics, 1)
  expect(confirmed(tally.exported())).toBe(1)
  slow.resolve()
  await saving
  expect(confirmed(tally.exported())).toBe(2)
})

test("while nothing can be saved, what there is is shown, and an older save does not take it back", async () => {
  const metrics = new ReplicaMetrics("a")
  const tally = new SavedCounters(metrics, "a")
  tally.restore(undefined, 0)
  await tally.save(async () => {})
  bought(metrics, 5)
  await tally.save(() => Promise.reject(new Error("away"))).catch(() => {})
  const slow = Promise.withResolvers<void>()
  const saving = tally.save(() => slow.promise)
  await Bun.sleep(1)
  bought(metrics, 1)
  expect(confirmed(tally.exported())).toBe(6)
  slow.resolve()
  await saving
  bought(metrics, 1)
  expect(confirmed(tally.exported())).toBe(6)
})
