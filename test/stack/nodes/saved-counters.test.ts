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

test("counters are exported once the earlier counts are loaded, and continue them", async () => {
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

test("counters that have not changed are not written again; after a failed write they are", async () => {
  const metrics = new ReplicaMetrics("a")
  const counters = new SavedCounters(metrics, "a")
  counters.restore(undefined, 0)
  const written: (string | undefined)[] = []
  const write = async (changed: string | undefined) => {
    written.push(changed)
  }
  await counters.save(write)
  await counters.save(write)
  bought(metrics, 1)
  await expect(counters.save(() => Promise.reject(new Error("away")))).rejects.toThrow("away")
  await counters.save(write)
  expect(written.map(text => text !== undefined)).toEqual([true, false, true])
})

test("saves run one after another, so the last one has the highest counts", async () => {
  const metrics = new ReplicaMetrics("a")
  const counters = new SavedCounters(metrics, "a")
  counters.restore(undefined, 0)
  const written: number[] = []
  const saves = Array.from({ length: 20 }, async (_, at) => {
    bought(metrics, 1)
    await counters.save(async changed => {
      for (let turn = at; turn < 20; turn++) await new Promise(setImmediate)
      written.push(confirmed(JSON.parse(changed ?? "[]") as MetricFamily[]) ?? 0)
    })
  })
  await Promise.all(saves)
  expect(written.filter(count => count > 0)).toEqual(written.filter(count => count > 0).sort((a, b) => a - b))
})

test("exported counters equal the saved ones and never decrease", async () => {
  const metrics = new ReplicaMetrics("a")
  const counters = new SavedCounters(metrics, "a")
  expect(counters.exported()).toEqual([])
  counters.restore(undefined, 0)
  bought(metrics, 1)
  await counters.save(async () => {})
  bought(metrics, 1)
  expect(confirmed(counters.exported())).toBe(1)
  const [slow, begun] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const saving = counters.save(() => {
    begun.resolve()
    return slow.promise
  })
  await begun.promise
  bought(metrics, 1)
  expect(confirmed(counters.exported())).toBe(1)
  slow.resolve()
  await saving
  expect(confirmed(counters.exported())).toBe(2)
})

test("while saving fails, the current counters are exported, and an older save does not lower them", async () => {
  const metrics = new ReplicaMetrics("a")
  const counters = new SavedCounters(metrics, "a")
  counters.restore(undefined, 0)
  await counters.save(async () => {})
  bought(metrics, 5)
  await counters.save(() => Promise.reject(new Error("away"))).catch(() => {})
  const [slow, begun] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const saving = counters.save(() => {
    begun.resolve()
    return slow.promise
  })
  await begun.promise
  bought(metrics, 1)
  expect(confirmed(counters.exported())).toBe(6)
  slow.resolve()
  await saving
  bought(metrics, 1)
  expect(confirmed(counters.exported())).toBe(6)
})
