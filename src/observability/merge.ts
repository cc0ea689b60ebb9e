import type { Series, SeriesValue } from "./metric-family.ts"

/** Adds up values with the same name and labels. */
export function merge(reports: Series[][]): Series[] {
  const merged = new Map<string, { series: Series; values: Map<string, SeriesValue> }>()
  for (const series of reports.flat()) {
    let entry = merged.get(series.name)
    if (!entry) {
      entry = { series, values: new Map() }
      merged.set(series.name, entry)
    }
    for (const { labels, value, metricName } of series.values) {
      const key = JSON.stringify([metricName, Object.entries(labels).sort()])
      const sum = entry.values.get(key)
      if (sum) sum.value += value
      else entry.values.set(key, { labels, value, metricName })
    }
  }
  return [...merged.values()].map(({ series, values }) => ({ ...series, values: [...values.values()] }))
}
