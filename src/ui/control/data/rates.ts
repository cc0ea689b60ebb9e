import type { Sample } from "./prometheus.ts"

export const GROUPS = ["sold", "held", "limit", "sold_out", "other", "busy", "unknown"] as const
export type Group = (typeof GROUPS)[number]

/** What is none of these is an "other" no. */
export const OUTCOMES: Record<string, Group> = {
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

/** What happened between two scrapes: attempts a second by outcome, and how long they took. */
export interface Moment {
  /** Seconds since 1970. */
  at: number
  perSecond: Record<Group, number>
  /** Milliseconds; null while nobody bought. */
  p50: number | null
  p99: number | null
}

export interface Scrape {
  at: number
  samples: readonly Sample[]
}

const REQUESTS = "flash_sale_requests_total"
const DURATION = "flash_sale_purchase_duration_seconds_bucket"

export function between(before: Scrape, after: Scrape): Moment {
  const seconds = Math.max(0.001, after.at - before.at)
  const perSecond: Record<Group, number> = { sold: 0, held: 0, limit: 0, sold_out: 0, other: 0, busy: 0, unknown: 0 }
  for (const [outcome, added] of growth(before, after, REQUESTS, "outcome")) {
    perSecond[OUTCOMES[outcome] ?? "other"] += added / seconds
  }
  const buckets = bucketsOf(before, after)
  return { at: after.at, perSecond, p50: quantileMs(buckets, 0.5), p99: quantileMs(buckets, 0.99) }
}

/** Milliseconds that 99 of 100 purchases took at most, node by node; null where nobody bought. */
export function p99ByNode(before: Scrape, after: Scrape): Map<string, number | null> {
  const ids = new Set(seriesOf(after, DURATION).map(({ labels }) => labels.node ?? ""))
  const of = ({ at, samples }: Scrape, id: string) => ({
    at,
    samples: samples.filter(({ labels }) => labels.node === id),
  })
  return new Map([...ids].map(id => [id, quantileMs(bucketsOf(of(before, id), of(after, id)), 0.99)]))
}

function bucketsOf(before: Scrape, after: Scrape): Bucket[] {
  return [...growth(before, after, DURATION, "le")]
    .map(([le, added]): Bucket => [le === "+Inf" ? Number.POSITIVE_INFINITY : Number(le), added])
    .sort(([a], [b]) => a - b)
}

/** How much the series of `name` rose, summed by one of their labels. One that fell was reset: all that it counts is new. */
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

/** An upper bound in seconds, and how many observations were at or below it. */
export type Bucket = [le: number, cumulative: number]

/** Read off a cumulative histogram, as Prometheus does: linear within the bucket, the last bound beyond it. */
export function quantileMs(buckets: readonly Bucket[], q: number): number | null {
  const total = buckets.at(-1)?.[1] ?? 0
  if (total <= 0) return null
  const rank = q * total
  const index = buckets.findIndex(([, cumulative]) => cumulative >= rank)
  const [upper, reached] = buckets[index]!
  const [lower, below] = buckets[index - 1] ?? [0, 0]
  if (upper === Number.POSITIVE_INFINITY) return lower * 1000
  return (lower + (upper - lower) * (reached === below ? 1 : (rank - below) / (reached - below))) * 1000
}
