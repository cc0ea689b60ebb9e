export interface MetricSample {
  name: string
  labels: Record<string, string>
  value: number
}

const LINE = /^(\w+)(?:\{(.*)\})? (\S+)/
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g

/** Parses those samples of a Prometheus text whose names begin with `prefix`. */
export function parseMetrics(text: string, prefix: string): MetricSample[] {
  const samples: MetricSample[] = []
  for (const line of text.split("\n")) {
    if (!line.startsWith(prefix)) continue
    const [, name, labelText = "", value] = LINE.exec(line) ?? []
    if (name === undefined) continue
    const labels: Record<string, string> = {}
    for (const [, key = "", label = ""] of labelText.matchAll(LABEL)) labels[key] = label
    samples.push({ name, labels, value: Number(value) })
  }
  return samples
}

export function gaugeOf(samples: readonly MetricSample[], name: string): number | undefined {
  return samples.find(sample => sample.name === name)?.value
}

/** The highest value of a gauge that has one series per sale. */
export function highestOf(samples: readonly MetricSample[], name: string): number | undefined {
  const values = samples.filter(sample => sample.name === name).map(({ value }) => value)
  return values.length > 0 ? Math.max(...values) : undefined
}
