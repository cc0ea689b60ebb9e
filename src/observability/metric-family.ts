/** One metric with its values, in the terms of Prometheus' text format. */
export interface Series {
  name: string
  help: string
  type: "counter" | "gauge" | "histogram"
  values: SeriesValue[]
}

export interface SeriesValue {
  labels: Record<string, string>
  value: number
  /** Of a histogram's lines: the name with its suffix. */
  metricName?: string
}

/** Whether it only rises while its process lives. */
export function isCounted({ type }: Series): boolean {
  return type === "counter" || type === "histogram"
}

export function gauge(name: string, help: string, values: SeriesValue[] | number): Series {
  return { name, help, type: "gauge", values: valuesOf(values) }
}

export function counter(name: string, help: string, values: SeriesValue[] | number): Series {
  return { name, help, type: "counter", values: valuesOf(values) }
}

function valuesOf(values: SeriesValue[] | number): SeriesValue[] {
  return typeof values === "number" ? [{ labels: {}, value: values }] : values
}

/** Counts observations in buckets: plain numbers on the path of every purchase, a series when asked. */
export class Histogram {
  readonly #counts: Float64Array
  #sum = 0

  /** `bounds` are the buckets' upper ends, included, in rising order. */
  constructor(
    private readonly name: string,
    private readonly help: string,
    private readonly bounds: readonly number[],
  ) {
    this.#counts = new Float64Array(bounds.length + 1)
  }

  observe(value: number): void {
    let bucket = 0
    while (bucket < this.bounds.length && value > this.bounds[bucket]!) bucket++
    this.#counts[bucket]!++
    this.#sum += value
  }

  series(): Series {
    const { name, help, bounds } = this
    let count = 0
    const buckets = [...bounds, "+Inf"].map((bound, at) => {
      count += this.#counts[at]!
      return { metricName: `${name}_bucket`, labels: { le: String(bound) }, value: count }
    })
    const sum = { metricName: `${name}_sum`, labels: {}, value: this.#sum }
    return {
      name,
      help,
      type: "histogram",
      values: [...buckets, sum, { metricName: `${name}_count`, labels: {}, value: count }],
    }
  }
}
