import { CLOCK_JUMP_MS, type ClockStatus } from "./ports/clock.ts"

/** How long a clock that has jumped must be steady before it is believed again. */
const CLOCK_STEADY_MS = 5000
/** How long a jump is shown. */
const SHOWN_MS = 600_000
/** How much two good clocks may drift apart. NTP corrects a clock by half of it at most. */
const DRIFT = 1 / 1000
/** The offset is taken from the fastest reading of this period and the one before it. */
const OFFSET_PERIOD_MS = 10_000

/** How far a clock is ahead of elapsed time: at least `low`, at most `high`. */
interface Offset {
  low: number
  high: number
}

/**
 * Compares a clock, which may be set at any time, with this process's elapsed time, which only rises. The clock may be on
 * another machine. All values are in milliseconds.
 */
export class ClockWatch {
  #reference: Offset | undefined
  #comparedAt = 0
  #steadySince = 0
  #isSteady = false
  #jumps = 0
  #jumpMs = 0
  #jumpedAt = 0
  #isInDoubt = false
  #periodSince = Number.NEGATIVE_INFINITY
  #best = Number.NEGATIVE_INFINITY
  #before = Number.NEGATIVE_INFINITY

  /** The clock was read as `read`, at some time between `sent` and `received` of this process's elapsed time. */
  learn(read: number, sent: number, received: number): void {
    const seen = { low: read - received, high: read - sent }
    this.#compare(seen, received)
    this.#keepBest(seen.low, received)
    if (this.#isSteady || sent - this.#steadySince < CLOCK_STEADY_MS) return
    this.#isSteady = true
    this.#isInDoubt = false
  }

  /** Notes that the clock is behind a time that it has shown before, by `behindMs`. It must be steady before it is believed. */
  isBehind(behindMs: number): void {
    if (!this.#isInDoubt) this.#note(-behindMs, this.#comparedAt)
  }

  /** How far the clock is ahead of elapsed time. Never too much, because a reading can be late but never early. */
  get offset(): number | undefined {
    const offset = Math.max(this.#best, this.#before)
    return Number.isFinite(offset) ? offset : undefined
  }

  /** Whether the clock has agreed with elapsed time for five seconds. */
  get isSteady(): boolean {
    return this.#isSteady
  }

  get isInDoubt(): boolean {
    return this.#isInDoubt
  }

  /** `now` and `elapsed` are the wall time and the elapsed time of this process. */
  status(now: number, elapsed: number): ClockStatus {
    const { offset } = this
    return {
      jumps: this.#jumps,
      jumpMs: elapsed - this.#jumpedAt < SHOWN_MS ? this.#jumpMs : 0,
      isInDoubt: this.#isInDoubt,
      aheadMs: offset === undefined ? 0 : Math.round(offset + elapsed - now),
    }
  }

  #compare(seen: Offset, at: number): void {
    const known = this.#reference
    const drift = (at - this.#comparedAt) * DRIFT
    this.#comparedAt = at
    if (!known) {
      this.#reference = seen
      this.#steadySince = at
      return
    }
    const low = known.low - drift
    const high = known.high + drift
    if (seen.low > high + CLOCK_JUMP_MS) this.#jump(seen.low - high, seen, at)
    else if (seen.high < low - CLOCK_JUMP_MS) this.#jump(seen.high - low, seen, at)
    else if (seen.low > high || seen.high < low) this.#reference = { low, high }
    else this.#reference = { low: Math.max(low, seen.low), high: Math.min(high, seen.high) }
  }

  #jump(ms: number, seen: Offset, at: number): void {
    this.#reference = seen
    this.#best = Number.NEGATIVE_INFINITY
    this.#before = Number.NEGATIVE_INFINITY
    this.#steadySince = at
    this.#isSteady = false
    this.#note(ms, at)
  }

  #note(ms: number, at: number): void {
    this.#jumpedAt = at
    this.#jumps++
    this.#jumpMs = Math.round(ms)
    this.#isInDoubt = true
  }

  #keepBest(low: number, at: number): void {
    if (at - this.#periodSince > OFFSET_PERIOD_MS) {
      this.#before = this.#best
      this.#best = Number.NEGATIVE_INFINITY
      this.#periodSince = at
    }
    this.#best = Math.max(this.#best, low)
  }
}
