/** A process that lived this long is replaced at once when it ends; a shorter life waits, twice as long each time. */
const STABLE_MS = 1000
const BACKOFF_MIN_MS = 100
const BACKOFF_MAX_MS = 5000

/** How long to wait before the next process of a row. */
export class Backoff {
  #ms = 0

  /** `livedMs`: how long the process that ended had been ready; absent when it never was. */
  after(livedMs: number | undefined): number {
    const stable = livedMs !== undefined && livedMs >= STABLE_MS
    this.#ms = stable ? 0 : Math.min(BACKOFF_MAX_MS, Math.max(BACKOFF_MIN_MS, this.#ms * 2))
    return this.#ms
  }
}
