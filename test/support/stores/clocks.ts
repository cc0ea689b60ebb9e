import type { Millis } from "../../../src/core/sale.ts"
import type { Clock } from "../../../src/runtime/time.ts"

/** A clock that shows `now`. Its elapsed time passes as `now` rises and stands still while it goes back. */
export function clockAt(now: () => Millis): Clock {
  let elapsed = now()
  let last = elapsed
  return {
    now,
    monotonic() {
      const shown = now()
      elapsed += Math.max(0, shown - last)
      last = shown
      return elapsed
    },
  }
}

/** A clock that a test lets run, sets, or stops. */
export class TestClock implements Clock {
  #wall: Millis
  #elapsed: Millis

  constructor(start: Millis) {
    this.#wall = start
    this.#elapsed = start
  }

  now(): Millis {
    return this.#wall
  }

  monotonic(): Millis {
    return this.#elapsed
  }

  /** Time passes, by every clock. */
  pass(ms: Millis): void {
    this.#wall += ms
    this.#elapsed += ms
  }

  /** The clock is set; no time passes. */
  step(ms: Millis): void {
    this.#wall += ms
  }

  /** Time passes, and the clock stands still. */
  freeze(ms: Millis): void {
    this.#elapsed += ms
  }

  /** Shows `now` next. If that is earlier, the clock is set back; otherwise time passes. */
  set(now: Millis): void {
    if (now < this.#wall) this.step(now - this.#wall)
    else this.pass(now - this.#wall)
  }
}
