import { build, type Histogram } from "hdr-histogram-js"
import { type Clock, systemTime } from "../../runtime/time.ts"
import type { AttemptResult } from "./http/attempt-result.ts"
import { type PurchaseResult, ResultTimeline } from "./report/timeline.ts"

/** Latencies are kept to three digits, from 1 microsecond to one hour. A longer one counts as an hour. */
const LATENCY_MAX_US = 3_600_000_000
const FAULTS_MAX = 20

/** Counts what the bots see: requests as they are sent, and each purchase once, when its final answer has arrived. */
export class AttackCounters {
  requests = 0
  /** Requests without a usable answer, and connections that could not be made. */
  errors = 0
  settled = 0
  confirmed = 0
  held = 0
  unknown = 0
  /** The latest fact that an answer named. */
  seq = 0
  readonly refused = new Map<string, number>()
  /** Answers by node. */
  readonly nodes = new Map<string, number>()
  /** Broken promises, one sentence each; at most the first 20. */
  readonly faults: string[] = []
  readonly latency: Histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: LATENCY_MAX_US,
    numberOfSignificantValueDigits: 3,
    useWebAssembly: false,
  })
  readonly timeline: ResultTimeline
  #owners = new Map<string, string>()
  #maxUs = 0

  constructor(private readonly clock: Clock = systemTime) {
    this.timeline = new ResultTimeline(clock.monotonic())
  }

  /** Counts the answer to one request. */
  answered({ status, type, code, node, seq }: AttemptResult): void {
    if (type === "info" && code !== "outcome_unknown") this.errors++
    if (status !== 0 && node !== undefined) increment(this.nodes, node)
    if (seq !== undefined && seq > this.seq) this.seq = seq
  }

  /** Counts a purchase by its final answer. `customer` is who asked. */
  settle(customer: string, result: AttemptResult, latencyMs: number): void {
    this.settled++
    const latencyUs = Math.min(LATENCY_MAX_US, Math.max(1, Math.round(latencyMs * 1000)))
    this.latency.recordValue(latencyUs)
    if (latencyUs > this.#maxUs) this.#maxUs = latencyUs
    this.timeline.settle(resultOf(result), latencyMs, this.clock.monotonic())
    if (result.type === "ok") this.#countOrder(customer, result)
    else if (result.type === "fail") increment(this.refused, result.code)
    else this.unknown++
  }

  get won(): number {
    return this.confirmed + this.held
  }

  get refusals(): number {
    let sum = 0
    for (const number of this.refused.values()) sum += number
    return sum
  }

  percentileMs(percentile: number): number {
    // The histogram returns the upper end of a value's bucket, which may be above the greatest value.
    return Math.min(this.maxMs, round(this.latency.getValueAtPercentile(percentile) / 1000))
  }

  get maxMs(): number {
    return round(this.#maxUs / 1000)
  }

  #countOrder(customer: string, { orderId, state, customerId }: Extract<AttemptResult, { type: "ok" }>): void {
    const owner = this.#owners.get(orderId)
    if (owner !== undefined) {
      this.#addFault(`Order ${orderId} was given twice, to ${owner} and to ${customer}.`)
      return
    }
    this.#owners.set(orderId, customer)
    if (customerId !== undefined && customerId !== customer) {
      this.#addFault(`Order ${orderId} was given to ${customer} but belongs to ${customerId}.`)
    }
    // A hold may expire between a lost answer and its retry.
    if (state === "released") increment(this.refused, state)
    else if (state === "held") this.held++
    else this.confirmed++
  }

  #addFault(sentence: string): void {
    if (this.faults.length < FAULTS_MAX) this.faults.push(sentence)
  }
}

function resultOf(result: AttemptResult): PurchaseResult {
  if (result.type === "info") return "unknown"
  if (result.type === "fail" || result.state === "released") return "refused"
  return result.state === "held" ? "held" : "sold"
}

function increment(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}

function round(ms: number): number {
  return Math.round(ms * 1000) / 1000
}
