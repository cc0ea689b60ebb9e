import { isSuccess, type Outcome } from "../core/outcome.ts"
import { Histogram } from "./histogram.ts"
import { HISTOGRAMS, METRICS, SHED_REASONS, type ShedReason } from "./metric-catalog.ts"
import type { MetricFamily, Sample } from "./metric-family.ts"
import { ProcessMetrics } from "./process-metrics.ts"

/**
 * Outcomes that buyers of a sale usually get, or that an operator must never miss. They are exported from zero, because
 * a rate cannot see the first value of a series.
 */
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

/** The metrics of one replica. Counting is cheap enough for the path of every purchase; `collect` does the rest. */
export class ReplicaMetrics implements Disposable {
  /** By sale, then by outcome. */
  readonly #requests = new Map<string, Map<string, Sample>>()
  /** By sale. */
  readonly #fullRefusals = new Map<string, number>()
  /** Most purchases are counted where the one before was. */
  #lastCounter: Sample = { labels: {}, value: 0 }
  readonly #duration = new Histogram(HISTOGRAMS.purchaseDuration)
  readonly #queueDuration = new Histogram(HISTOGRAMS.queueDuration)
  readonly #shed = new Map<ShedReason, Sample>(SHED_REASONS.map(reason => [reason, { labels: { reason }, value: 0 }]))
  readonly #batchSize = new Histogram(HISTOGRAMS.batchSize)
  readonly #storeCall = new Histogram(HISTOGRAMS.storeCallDuration)

  constructor(
    private readonly node: string,
    private readonly process = new ProcessMetrics(),
  ) {}

  start(): void {
    this.process.start()
  }

  /** Exports the sale's counters from zero, before its first buyer comes. */
  addSale(saleId: string): void {
    for (const outcome of FROM_ZERO) this.#counterOf(saleId, outcome, false)
    this.#counterOf(saleId, "confirmed", true)
    this.#fullRefusals.set(saleId, this.#fullRefusals.get(saleId) ?? 0)
  }

  /** Counts one answered purchase attempt. `sale` is undefined when the request named a sale that does not exist. */
  countPurchase(outcome: Outcome, replayed: boolean, sale: string | undefined, seconds: number): void {
    this.#counterOf(sale ?? "", outcome, replayed).value++
    this.#duration.observe(seconds)
  }

  /** Counts one hold that was refused because its sale has too many released orders. */
  countFull(saleId: string): void {
    this.#fullRefusals.set(saleId, (this.#fullRefusals.get(saleId) ?? 0) + 1)
  }

  /** Counts one attempt that was shed. It is answered, and so counted as `overloaded`, too. */
  countShed(reason: ShedReason): void {
    const sample = this.#shed.get(reason)
    if (sample) sample.value++
  }

  /** Notes how long the first attempt of a call had waited for it. */
  observeWait(seconds: number): void {
    this.#queueDuration.observe(seconds)
  }

  observeBatch(attempts: number): void {
    this.#batchSize.observe(attempts)
  }

  observeStoreCall(seconds: number): void {
    this.#storeCall.observe(seconds)
  }

  collect(): MetricFamily[] {
    const requests = [...this.#requests.values()].flatMap(outcomes => [...outcomes.values()])
    const families = [
      METRICS.requests(requests),
      METRICS.fullRefusals([...this.#fullRefusals].map(([sale, value]) => ({ labels: { sale }, value }))),
      this.#duration.collect(),
      METRICS.shed([...this.#shed.values()]),
      this.#queueDuration.collect(),
      this.#batchSize.collect(),
      this.#storeCall.collect(),
      ...this.process.collect(),
    ]
    return families.map(family => ({ ...family, values: family.values.map(sample => this.#ofThisNode(sample)) }))
  }

  [Symbol.dispose](): void {
    this.process[Symbol.dispose]()
  }

  #counterOf(sale: string, outcome: Outcome, replayed: boolean): Sample {
    const word = replayed ? "replayed" : outcome
    const { labels } = this.#lastCounter
    if (labels.outcome !== word || labels.sale !== sale) this.#lastCounter = this.#findCounter(sale, outcome, word)
    return this.#lastCounter
  }

  #findCounter(sale: string, outcome: Outcome, word: string): Sample {
    let outcomes = this.#requests.get(sale)
    if (!outcomes) {
      outcomes = new Map()
      this.#requests.set(sale, outcomes)
    }
    let sample = outcomes.get(word)
    if (!sample) {
      sample = { labels: { status: isSuccess(outcome) ? "success" : "fail", outcome: word, sale }, value: 0 }
      outcomes.set(word, sample)
    }
    return sample
  }

  #ofThisNode(sample: Sample): Sample {
    return { ...sample, labels: { ...sample.labels, node: this.node } }
  }
}
