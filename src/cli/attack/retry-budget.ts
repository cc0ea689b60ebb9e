const BACKOFF_FIRST_MS = 50
const BACKOFF_MAX_MS = 2_000
/** With the longest pauses this is over three minutes; it ends a loop whose clock does not move. */
const RETRIES_MAX = 200

/** How long one purchase is worth trying again: pauses double, with full jitter, and never undercut `Retry-After`. */
export class RetryBudget {
  #retries = 0
  readonly #until: number

  constructor(
    patienceMs: number,
    private readonly signal?: AbortSignal,
    private readonly random: () => number = Math.random,
  ) {
    this.#until = performance.now() + patienceMs
  }

  /** Waits and answers true, or answers false at once when it is not worth waiting. */
  async waitForRetry(retryAfterSeconds = 0): Promise<boolean> {
    const pause = this.nextPause(retryAfterSeconds)
    if (pause === undefined || this.signal?.aborted) return false
    await sleep(pause, this.signal)
    return !this.signal?.aborted
  }

  nextPause(retryAfterSeconds: number): number | undefined {
    const ceiling = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** this.#retries)
    const pause = retryAfterSeconds * 1000 + this.random() * ceiling
    if (this.#retries >= RETRIES_MAX || performance.now() + pause > this.#until) return undefined
    this.#retries++
    return pause
  }
}

/** Ends early, without an error, when `signal` says so. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const done = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener("abort", done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal?.addEventListener("abort", done)
  })
}
