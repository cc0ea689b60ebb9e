export const OUTCOME_GROUPS = ["sold", "held", "limit", "sold_out", "other", "busy", "unknown"] as const
export type OutcomeGroup = (typeof OUTCOME_GROUPS)[number]

/** The group of each outcome. Every other outcome belongs to the group `other`. */
export const GROUP_OF_OUTCOME: Record<string, OutcomeGroup> = {
  confirmed: "sold",
  held: "held",
  limit_reached: "limit",
  sold_out: "sold_out",
  all_held: "sold_out",
  overloaded: "busy",
  reconciling: "busy",
  rate_limited: "busy",
  outcome_unknown: "unknown",
}

/** What happened between two scrapes: purchase attempts per second by group of outcomes, and how long they took. */
export interface MetricsPoint {
  /** Seconds since 1970. */
  at: number
  perSecond: Record<OutcomeGroup, number>
  /** Milliseconds; null if there was no purchase. */
  p50: number | null
  p99: number | null
}

export interface Scrape {
  at: number
  samples: readonly MetricSample[]
}

const REQUESTS = "flash_sale_requests_total"
const DURATION = "flash_sale_purchase_duration_seconds_bucket"

export function ratesBetween(before: Scrape, after: Scrape): MetricsPoint {
  const seconds = Math.max(0.001, after.at - before.at)
  const perSecond: Record<OutcomeGroup, number> = {
    sold: 0,
    held: 0,
    limit: 0,
    sold_out: 0,
    other: 0,
    busy: 0,
    unknown: 0,
  }
  for (const [outcome, added] of growth(before, after, REQUESTS, "outcome")) {
    perSecond[GROUP_OF_OUTCOME[outcome] ?? "other"] += added / seconds
  }
  const buckets = bucketsOf(before, after)
  return { at: after.at, perSecond, p50: quantileMs(buckets, 0.5), p99: quantileMs(buckets, 0.99) }
}

/** The 99th percentile of purchase times of each node, in milliseconds; null if a node had no purchase. */
export function p99ByNode(before: Scrape, after: Scrape): Map<string, number | null> {
  const ids = new Set(seriesOf(after, DURATION).map(({ labels }) => labels.node ?? ""))
  const of = ({ at, samples }: Scrape, id: string) => ({
    at,
    samples: samples.filter(({ labels }) => labels.node === id),
  })
  return new Map([...ids].map(id => [id, quantileMs(bucketsOf(of(before, id), of(after, id)), 0.99)]))
}

function bucketsOf(before: Scrape, after: Scrape): HistogramBucket[] {
  return [...growth(before, after, DURATION, "le")]
    .map(([le, added]): HistogramBucket => [le === "+Inf" ? Number.POSITIVE_INFINITY : Number(le), added])
    .sort(([a], [b]) => a - b)
}

/** The growth of the counters named `name`, summed by one label. A counter that fell was reset, so all of it is growth. */
function growth(before: Scrape, after: Scrape, name: string, label: string): Map<string, number> {
  const earlier = new Map(seriesOf(before, name).map(sample => [JSON.stringify(sample.labels), sample.value]))
  const sums = new Map<string, number>()
  for (const { labels, value } of seriesOf(after, name)) {
    const from = earlier.get(JSON.stringify(labels)) ?? 0
    const key = labels[label] ?? ""
    sums.set(key, (sums.get(key) ?? 0) + (value < from ? value : value - from))
  }
  return sums
}

const seriesOf = ({ samples }: Scrape, name: string) => samples.filter(sample => sample.name === name)

/** A bucket's upper bound in seconds, and the number of observations at or below it. */
type HistogramBucket = [le: number, cumulative: number]

/** A quantile of a cumulative histogram in milliseconds, interpolated as Prometheus does; null if it is empty. */
export function quantileMs(buckets: readonly HistogramBucket[], q: number): number | null {
  const total = buckets.at(-1)?.[1] ?? 0
  if (total <= 0) return null
  const rank = q * total
  const index = buckets.findIndex(([, cumulative]) => cumulative >= rank)
  const [upper, reached] = buckets[index] ?? [Number.POSITIVE_INFINITY, total]
  const [lower, below] = buckets[index - 1] ?? [0, 0]
  if (upper === Number.POSITIVE_INFINITY) return lower * 1000
  return (lower + (upper - lower) * (reached === below ? 1 : (rank - below) / (reached - below))) * 1000
}

interface MetricSample {
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
