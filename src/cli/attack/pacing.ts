import { Backoff, sleep, systemTime, type Time } from "../../runtime/time.ts"

/** One purchase of the schedule: the `round`th of its buyer, from 0. */
export interface ScheduledPurchase {
  buyer: number
  round: number
  /** When it should be sent, on the monotonic clock. The wait for a free bot counts as latency. */
  intended: number
}

interface ScheduleOptions {
  buyers: number
  requestsPerBuyer: number
  /** Open loop: arrivals per second, whatever the server does. Without it, each bot begins its next purchase at once. */
  rate?: number | undefined
  durationMs?: number | undefined
  signal?: AbortSignal | undefined
}

/** Hands out the purchases: first one of every buyer, then the second of every buyer, and so on. */
export class LoadSchedule {
  readonly #total: number
  #next = 0
  #end: number

  constructor(
    private readonly options: ScheduleOptions,
    private readonly time: Time = systemTime,
    private readonly start: number = time.monotonic(),
  ) {
    const { buyers, requestsPerBuyer, durationMs } = options
    this.#total = buyers * requestsPerBuyer
    this.#end = durationMs === undefined ? Number.POSITIVE_INFINITY : start + durationMs
  }

  /** How many purchases the schedule holds. */
  get planned(): number {
    const { rate, durationMs } = this.options
    if (rate === undefined || durationMs === undefined) return this.#total
    return Math.min(this.#total, Math.ceil((rate * durationMs) / 1000))
  }

  /** How many purchases have been handed out. */
  get begun(): number {
    return this.#next
  }

  /** From now on `next` hands out nothing. */
  stop(): void {
    this.#end = Number.NEGATIVE_INFINITY
  }

  /** Waits until the next purchase is due. Resolves to undefined at the end of the schedule. */
  async next(): Promise<ScheduledPurchase | undefined> {
    const { buyers, rate, signal } = this.options
    const now = this.time.monotonic()
    if (this.#next >= this.planned || now >= this.#end || signal?.aborted) return undefined
    const index = this.#next++
    let intended = now
    if (rate !== undefined) {
      intended = this.start + (index * 1000) / rate
      if (intended > now) {
        await sleep(intended - now, signal, this.time)
        if (signal?.aborted) return undefined
        // A timer may fire slightly early, but no purchase is sent before it is intended.
        intended = Math.min(intended, this.time.monotonic())
      }
    }
    return { buyer: index % buyers, round: Math.floor(index / buyers), intended }
  }
}

const PAUSE_MIN_MS = 50
const PAUSE_MAX_MS = 2_000
/** At the mean pause this takes over three minutes. It ends a loop whose clock stands still. */
const RETRIES_MAX = 200

interface RetryOptions {
  /** No retry begins later than this, counted from now. */
  forMs: number
  /** Ends all retries. */
  signal?: AbortSignal | undefined
  time?: Time
  random?: () => number
}

/** Decides how long one purchase is tried again. Pauses double, with full jitter, and are never below `Retry-After`. */
export class RetryBudget {
  readonly #backoff: Backoff
  readonly #time: Time
  readonly #signal: AbortSignal | undefined
  readonly #until: number
  #retries = 0

  constructor({ forMs, signal, time = systemTime, random = Math.random }: RetryOptions) {
    this.#backoff = new Backoff({ minMs: PAUSE_MIN_MS, maxMs: PAUSE_MAX_MS, jitter: 1, random })
    this.#time = time
    this.#signal = signal
    this.#until = time.monotonic() + forMs
  }

  /** Waits for the next retry and resolves to true. Resolves to false at once when the budget is spent. */
  async waitForRetry(retryAfterSeconds = 0): Promise<boolean> {
    if (this.#signal?.aborted) return false
    const pause = this.nextPauseMs(retryAfterSeconds)
    if (pause === undefined) return false
    await sleep(pause, this.#signal, this.#time)
    return !this.#signal?.aborted
  }

  /** Undefined when the pause would end after the budget. */
  nextPauseMs(retryAfterSeconds: number): number | undefined {
    if (this.#retries++ >= RETRIES_MAX) return undefined
    const pause = retryAfterSeconds * 1000 + this.#backoff.next()
    return this.#time.monotonic() + pause > this.#until ? undefined : pause
  }
}
