import { build, type Histogram } from "hdr-histogram-js"
import type { AttemptResult } from "./http/attempt-result.ts"
import { type PurchaseResult, ResultTimeline } from "./report/timeline.ts"

/** Latencies are kept to three digits, from 1 microsecond to one hour; what is longer counts as an hour. */
const LATENCY_MAX_US = 3_600_000_000
const FAULTS_MAX = 20

/** Counts what the bots see. A purchase is counted once, when its last answer is in; requests as they are sent. */
export class AttackCounters {
  requests = 0
  /** Requests that got no usable answer, and connections that did not come about. */
  errors = 0
  settled = 0
  confirmed = 0
  held = 0
  unknown = 0
  /** The last fact that an answer named. */
  seq = 0
  readonly refused = new Map<string, number>()
  readonly nodes = new Map<string, number>()
  /** What must never happen, in words; only the first few. */
  readonly faults: string[] = []
  readonly latency: Histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: LATENCY_MAX_US,
    numberOfSignificantValueDigits: 3,
    useWebAssembly: false,
  })
  readonly timeline = new ResultTimeline()
  #orders = new Map<string, string>()
  #maxUs = 0

  answered({ status, type, code, node, seq }: AttemptResult): void {
    if (type === "info" && code !== "outcome_unknown") this.errors++
    if (status !== 0 && node !== undefined) count(this.nodes, node)
    if (seq !== undefined && seq > this.seq) this.seq = seq
  }

  settle(customer: string, answer: AttemptResult, latencyMs: number): void {
    this.settled++
    const latencyUs = Math.min(LATENCY_MAX_US, Math.max(1, Math.round(latencyMs * 1000)))
    this.latency.recordValue(latencyUs)
    if (latencyUs > this.#maxUs) this.#maxUs = latencyUs
    this.timeline.settle(endOf(answer), latencyMs)
    if (answer.type === "ok") this.#won(customer, answer)
    else if (answer.type === "fail") count(this.refused, answer.code)
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

  /** The histogram answers the upper end of a value's bucket, which may lie beyond the greatest value. */
  percentileMs(percentile: number): number {
    return Math.min(this.maxMs, round(this.latency.getValueAtPercentile(percentile) / 1000))
  }

  get maxMs(): number {
    return round(this.#maxUs / 1000)
  }

  #won(customer: string, { orderId, state, customerId }: AttemptResult): void {
    const id = orderId!
    const owner = this.#orders.get(id)
    if (owner !== undefined) {
      this.#fault(`Order ${id} was given twice, to ${owner} and to ${customer}.`)
      return
    }
    this.#orders.set(id, customer)
    if (customerId !== undefined && customerId !== customer) {
      this.#fault(`Order ${id} was given to ${customer} but belongs to ${customerId}.`)
    }
    // A hold may run out between a lost answer and its repeat.
    if (state === "released") count(this.refused, state)
    else if (state === "held") this.held++
    else this.confirmed++
  }

  #fault(sentence: string): void {
    if (this.faults.length < FAULTS_MAX) this.faults.push(sentence)
  }
}

function endOf({ type, state }: AttemptResult): PurchaseResult {
  if (type === "info") return "unknown"
  if (type === "fail" || state === "released") return "refused"
  return state === "held" ? "held" : "sold"
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}

function round(ms: number): number {
  return Math.round(ms * 1000) / 1000
}
