import { describe, expect, test } from "bun:test"
import { parseMetrics, quantileMs, ratesBetween } from "../../src/ui/control/data/rates.ts"

const scrape = (at: number, text: string) => ({ at, samples: parseMetrics(text, "flash_sale_") })

describe("the metrics in the control room", () => {
  test("names, labels with any characters, and values are parsed", () => {
    const text = `# TYPE flash_sale_gate_open gauge
flash_sale_gate_open 1
process_cpu_seconds_total 9
flash_sale_requests_total{outcome="sold_out",sale="a \\"b\\", {c}"} 12 1700000000
`
    expect(parseMetrics(text, "flash_sale_")).toEqual([
      { name: "flash_sale_gate_open", labels: {}, value: 1 },
      { name: "flash_sale_requests_total", labels: { outcome: "sold_out", sale: 'a \\"b\\", {c}' }, value: 12 },
    ])
  })

  test("rates are summed over nodes, and a counter that was reset counts from zero", () => {
    const before = scrape(
      100,
      `flash_sale_requests_total{outcome="confirmed",node="node-1"} 100
flash_sale_requests_total{outcome="sold_out",node="node-1"} 50`,
    )
    const after = scrape(
      102,
      `flash_sale_requests_total{outcome="confirmed",node="node-1"} 110
flash_sale_requests_total{outcome="confirmed",node="node-2"} 10
flash_sale_requests_total{outcome="sold_out",node="node-1"} 4
flash_sale_requests_total{outcome="sold_out",node="node-2"} 90
flash_sale_requests_total{outcome="never_heard_of",node="node-1"} 2`,
    )
    const { perSecond, p50 } = ratesBetween(before, after)
    expect(perSecond).toEqual({ sold: 10, held: 0, limit: 0, sold_out: 47, other: 1, busy: 0, unknown: 0 })
    expect(p50).toBeNull()
  })

  test("a quantile is interpolated within its bucket", () => {
    const buckets: [number, number][] = [
      [0.001, 0],
      [0.005, 50],
      [0.01, 100],
      [Number.POSITIVE_INFINITY, 100],
    ]
    expect(quantileMs(buckets, 0.25)).toBeCloseTo(3)
    expect(quantileMs(buckets, 0.5)).toBeCloseTo(5)
    expect(quantileMs(buckets, 0.99)).toBeCloseTo(9.9)
    expect(
      quantileMs(
        [
          [0.001, 0],
          [Number.POSITIVE_INFINITY, 3],
        ],
        0.5,
      ),
    ).toBeCloseTo(1)
    expect(quantileMs([], 0.5)).toBeNull()
  })
})
