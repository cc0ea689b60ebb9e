export interface Sample {
  name: string
  labels: Record<string, string>
  value: number
}

const LINE = /^(\w+)(?:\{(.*)\})? (\S+)/
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g

/** The samples of a Prometheus text whose names begin with `prefix`. */
export function parseMetrics(text: string, prefix: string): Sample[] {
  const samples: Sample[] = []
  for (const line of text.split("\n")) {
    if (!line.startsWith(prefix)) continue
    const match = LINE.exec(line)
    if (!match) continue
    const labels: Record<string, string> = {}
    for (const [, key, value] of (match[2] ?? "").matchAll(LABEL)) labels[key!] = value!
    samples.push({ name: match[1]!, labels, value: Number(match[3]) })
  }
  return samples
}

export function gauge(samples: readonly Sample[], name: string): number | undefined {
  return samples.find(sample => sample.name === name)?.value
}

/** Over all sales: the one that is furthest behind counts. */
export function greatest(samples: readonly Sample[], name: string): number | undefined {
  const values = samples.filter(sample => sample.name === name).map(({ value }) => value)
  return values.length > 0 ? Math.max(...values) : undefined
}
