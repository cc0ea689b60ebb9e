/** One metric with its samples, in the terms of Prometheus' text format. */
export interface MetricFamily {
  name: string
  help: string
  type: "counter" | "gauge" | "histogram"
  values: Sample[]
}

export interface Sample {
  labels: Record<string, string>
  value: number
  /** The name of one line of a histogram: the family's name and a suffix. */
  metricName?: string | undefined
}

/** Whether its values only rise while the process lives, so that values of several processes can be added up. */
export function isCumulative({ type }: MetricFamily): boolean {
  return type === "counter" || type === "histogram"
}

/** Adds up the values of samples that have the same name and labels. */
export function sumFamilies(reports: readonly (readonly MetricFamily[])[]): MetricFamily[] {
  const sums = new Map<string, { family: MetricFamily; samples: Map<string, Sample> }>()
  for (const family of reports.flat()) {
    let entry = sums.get(family.name)
    if (!entry) {
      entry = { family, samples: new Map() }
      sums.set(family.name, entry)
    }
    for (const { labels, value, metricName } of family.values) {
      const key = JSON.stringify([metricName, Object.entries(labels).sort()])
      const sum = entry.samples.get(key)
      if (sum) sum.value += value
      else entry.samples.set(key, { labels, value, metricName })
    }
  }
  return [...sums.values()].map(({ family, samples }) => ({ ...family, values: [...samples.values()] }))
}
