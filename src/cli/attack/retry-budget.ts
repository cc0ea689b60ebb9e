import { Backoff, sleep, systemTime, type Time } from "../../runtime/time.ts"

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
