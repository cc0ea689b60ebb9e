import { ClockWatch } from "./clock-watch.ts"
import { CLOCK_JUMP_MS, type ClockStatus } from "./ports/clock.ts"
import type { Millis } from "./sale.ts"

/** The time of a store that decides in this process; see docs/decisions/0031. */
export class StoreClock {
  readonly #watch = new ClockWatch()
  #latest: Millis

  /**
   * `latest` is the latest time that the store has kept, or 0. `putRight` is called with the time when the clock was ahead and
   * has been put right: what the store kept from later than that is from a wrong time.
   */
  constructor(
    latest: Millis,
    private readonly putRight: (now: Millis) => void,
  ) {
    this.#latest = latest
  }

  /**
   * The time at which the store decides now. It goes back only when the clock was more than two seconds ahead and has been
   * put right. Undefined while the clock is in doubt: then the store must decide nothing. The clock showed `shown`, at some time
   * between `before` and `after` of the elapsed time.
   */
  read(shown: Millis, before: Millis, after: Millis): Millis | undefined {
    const now = Math.floor(shown)
    this.#watch.learn(now, before, after)
    const behind = this.#latest - now
    if (behind > CLOCK_JUMP_MS && !this.#watch.isSteady) this.#watch.isBehind(behind)
    if (this.#watch.isInDoubt) return undefined
    if (behind > CLOCK_JUMP_MS) {
      this.#latest = now
      this.putRight(now)
    } else this.#latest = Math.max(this.#latest, now)
    return this.#latest
  }

  /** The latest time at which the store has decided. */
  get latest(): Millis {
    return this.#latest
  }

  status(now: Millis, elapsed: Millis): ClockStatus {
    return this.#watch.status(now, elapsed)
  }
}
