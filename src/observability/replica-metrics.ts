import { isSuccess, type Outcome } from "../core/outcome.ts"
import { counter, Histogram, type Series, type SeriesValue } from "./metric-family.ts"
import { ProcessSeries } from "./process-metrics.ts"

/** From half a millisecond to five seconds: a fast refusal to a slow disk. */
const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]
/** What buyers of a sale are usually told, or must never miss: counted from zero, because a rate cannot see a first value. */
const FROM_ZERO: Outcome[] = [
  "confirmed",
  "held",
  "limit_reached",
  "all_held",
  "sold_out",
  "overloaded",
  "reconciling",
  "outcome_unknown",
]
const BATCH_SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256]

/** Every series of a replica, named once. */
export class Metrics {
  /** By sale, then by outcome. */
  readonly #requests = new Map<string, Map<string, SeriesValue>>()
  readonly #duration = new Histogram(
    "flash_sale_purchase_duration_seconds",
    "From a purchase request's arrival to its answer.",
    SECONDS,
  )
  readonly #batchSize = new Histogram("flash_sale_batch_size", "Attempts that shared one store call.", BATCH_SIZES)
  readonly #storeCall = new Histogram(
    "flash_sale_store_call_duration_seconds",
    "One call of the store, as a replica sees it.",
    SECONDS,
  )
  readonly #process = new ProcessSeries()

  constructor(private readonly node: string) {}

  /** There is such a sale: its series begin now, before its first buyer comes. */
  sale(saleId: string): void {
    for (const outcome of FROM_ZERO) this.#counterOf(saleId, outcome, false)
    this.#counterOf(saleId, "confirmed", true)
  }

  /** One purchase attempt was answered. `sale` is the id of a sale that exists, or nothing. */
  purchase(outcome: Outcome, replayed: boolean, sale: string | undefined, seconds: number): void {
    this.#counterOf(sale ?? "", outcome, replayed).value++
    this.#duration.observe(seconds)
  }

  batch(attempts: number): void {
    this.#batchSize.observe(attempts)
  }

  storeCall(seconds: number): void {
    this.#storeCall.observe(seconds)
  }

  series(): Series[] {
    const requests = [...this.#requests.values()].flatMap(outcomes => [...outcomes.values()])
    const all = [
      counter("flash_sale_requests_total", "Answered purchase attempts.", requests),
      this.#duration.series(),
      this.#batchSize.series(),
      this.#storeCall.series(),
      ...this.#process.series(),
    ]
    return all.map(series => ({ ...series, values: series.values.map(value => this.#ofThisNode(value)) }))
  }

  #counterOf(sale: string, outcome: Outcome, replayed: boolean): SeriesValue {
    let outcomes = this.#requests.get(sale)
    if (!outcomes) {
      outcomes = new Map()
      this.#requests.set(sale, outcomes)
    }
    const word = replayed ? "replayed" : outcome
    let value = outcomes.get(word)
    if (!value) {
      value = { labels: { status: isSuccess(outcome) ? "success" : "fail", outcome: word, sale }, value: 0 }
      outcomes.set(word, value)
    }
    return value
  }

  #ofThisNode(value: SeriesValue): SeriesValue {
    return { ...value, labels: { ...value.labels, node: this.node } }
  }
}
