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

/** Whether this is a family, as another process sends one. */
export function isMetricFamily(value: unknown): value is MetricFamily {
  const { name, help, type, values } = (value ?? {}) as Record<string, unknown>
  const areTexts = [name, help, type].every(text => typeof text === "string")
  return areTexts && Array.isArray(values) && values.every(isSample)
}

function isSample(value: unknown): value is Sample {
  const { labels, value: number } = (value ?? {}) as Record<string, unknown>
  return typeof labels === "object" && labels !== null && (typeof number === "number" || number === null)
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

/** The content type of `/metrics`. */
export const PROMETHEUS_CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

/** Writes Prometheus' text format (https://prometheus.io/docs/instrumenting/exposition_formats/). */
export function prometheusText(families: readonly MetricFamily[]): string {
  return families.map(familyText).join("\n").concat("\n")
}

function familyText({ name, type, help, values }: MetricFamily): string {
  const lines = values.map(({ labels, value, metricName }) => {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(String(text))}"`)
    return `${metricName ?? name}${pairs.length > 0 ? `{${pairs.join(",")}}` : ""} ${value}`
  })
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines].join("\n")
}

function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")
}
