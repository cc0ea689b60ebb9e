import type { Millis } from "../../core/sale.ts"

/** A reply is never early, but may be late by whatever held it up: the best of the replies of so long is believed. */
const BELIEVED_MS = 10_000

/** How far the store's clock is ahead of this process's: nobody may set every clock of a fleet right. */
export class ClockOffset {
  #since = Number.NEGATIVE_INFINITY
  #best = Number.NEGATIVE_INFINITY
  #before = Number.NEGATIVE_INFINITY

  /** The store said that it was `theirs` when it replied; the reply was read at `ours`. `monotone` is of a third clock. */
  hear(theirs: Millis, ours: Millis, monotone: number): void {
    if (monotone - this.#since > BELIEVED_MS) {
      this.#before = this.#best
      this.#best = Number.NEGATIVE_INFINITY
      this.#since = monotone
    }
    this.#best = Math.max(this.#best, theirs - ours)
  }

  /** A time of this process's clock, by the store's. */
  byStore(at: Millis): Millis {
    const lead = Math.max(this.#best, this.#before)
    return Number.isFinite(lead) ? at + lead : at
  }
}
