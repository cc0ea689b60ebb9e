import { sleep } from "./retry-budget.ts"

/** One intended purchase: the `round`th of its buyer. */
export interface ScheduledPurchase {
  index: number
  buyer: number
  round: number
  /** When it should be sent (`performance.now()`): waiting for a free bot counts as latency. */
  intended: number
}

interface PaceOptions {
  buyers: number
  requestsPerBuyer: number
  /** Arrivals per second, whatever the server does; absent, each bot begins the next purchase when it is done. */
  rate?: number
  durationMs?: number
  signal?: AbortSignal
}

/** Hands out the purchases, first one of every buyer, then the second of every buyer. */
export class LoadSchedule {
  #next = 0
  readonly #total: number
  #end: number

  constructor(
    private readonly options: PaceOptions,
    private readonly start: number = performance.now(),
  ) {
    this.#total = options.buyers * options.requestsPerBuyer
    this.#end = options.durationMs === undefined ? Number.POSITIVE_INFINITY : start + options.durationMs
  }

  /** Purchases that the schedule holds. */
  get planned(): number {
    const { rate, durationMs } = this.options
    if (rate === undefined || durationMs === undefined) return this.#total
    return Math.min(this.#total, Math.ceil((rate * durationMs) / 1000))
  }

  /** Purchases handed out so far. */
  get begun(): number {
    return this.#next
  }

  /** Hands out no more. */
  stop(): void {
    this.#end = 0
  }

  /** The next purchase, when its time has come. */
  async next(): Promise<ScheduledPurchase | undefined> {
    const { buyers, rate, signal } = this.options
    const now = performance.now()
    if (this.#next >= this.planned || now >= this.#end || signal?.aborted) return undefined
    const index = this.#next++
    let intended = now
    if (rate !== undefined) {
      intended = this.start + (index * 1000) / rate
      if (intended > now) {
        await sleep(intended - now, signal)
        if (signal?.aborted) return undefined
        // Timers may fire a little early; nothing is sent before it is intended, by definition.
        intended = Math.min(intended, performance.now())
      }
    }
    return { index, buyer: index % buyers, round: Math.floor(index / buyers), intended }
  }
}
