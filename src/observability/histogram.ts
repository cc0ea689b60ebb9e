import type { MetricFamily } from "./metric-family.ts"

export interface HistogramOptions {
  name: string
  help: string
  /** The upper ends of the buckets, included, in rising order. */
  bounds: readonly number[]
}

/** Counts observations in buckets. An observation adds to two numbers, because every purchase makes some. */
export class Histogram {
  readonly #counts: Float64Array
  #sum = 0

  constructor(private readonly options: HistogramOptions) {
    this.#counts = new Float64Array(options.bounds.length + 1)
  }

  observe(value: number): void {
    const { bounds } = this.options
    let bucket = 0
    for (const bound of bounds) {
      if (value <= bound) break
      bucket++
    }
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1
    this.#sum += value
  }

  collect(): MetricFamily {
    const { name, help, bounds } = this.options
    let count = 0
    const buckets = [...bounds, "+Inf"].map((bound, at) => {
      count += this.#counts[at] ?? 0
      return { metricName: `${name}_bucket`, labels: { le: String(bound) }, value: count }
    })
    const sum = { metricName: `${name}_sum`, labels: {}, value: this.#sum }
    const total = { metricName: `${name}_count`, labels: {}, value: count }
    return { name, help, type: "histogram", values: [...buckets, sum, total] }
  }
}
