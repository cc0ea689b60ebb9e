import { fingerprint } from "../../core/customer-index.ts"
import type { ShedReason } from "../../observability/metric-catalog.ts"
import type { Clock } from "../../runtime/time.ts"

/** An attempt that has not taken effect by then never will. Few store calls take longer, and buyers wait a little longer. */
export const ATTEMPT_MAX_MS = 2000
/** Attempts of one replica that wait for a call, whatever was measured. It bounds the memory. */
export const QUEUED_MAX = 4096
/** A refused buyer is told to come back after this time (`Retry-After`), so each has one turn in it. */
const TURN_MS = 1000
/** A customer with this many attempts in one turn, or more, finds a queue that is full when it is a quarter full. */
const SHARES_MAX = 4
/** Customers whose attempts are counted. Beyond it counting begins again, so that strangers cannot fill the memory. */
const CUSTOMERS_MAX = 20_000
/** Groups of places for the latest attempts that were sent, and places in each: 256 kB. */
const [SENT_GROUPS, GROUP] = [16_384, 4]
/** How fast a longer and a shorter time than before is believed. A store that slows down is noticed within two calls. */
const [RISE, FALL] = [1 / 2, 1 / 8]
/** A store that stood still once says nothing about the next call beyond this. */
const CALL_MS_MAX = ATTEMPT_MAX_MS * 0.75

export interface AdmissionOptions {
  clock: Pick<Clock, "monotonic">
  /** The most attempts that one call takes. */
  batchMax: number
  shed?(reason: ShedReason): void
  /** Called with the milliseconds that the first attempt of a call has waited. */
  waited?(ms: number): void
}

/**
 * Decides which attempts may wait for the store. As long as the wait is one that an attempt survives, all of them may: a wait costs
 * nothing, and a refusal costs a request now and another one later. Beyond it new attempts are refused as they arrive, so that those
 * before them keep their places, and first those of customers who come most often.
 *
 * The wait is predicted from how long the latest calls took. An attempt that nevertheless waits too long is never sent.
 */
export class Admission {
  /** Milliseconds of one call when calls follow each other without a pause. */
  #pace = 0
  /** Milliseconds from sending a call to its return. */
  #callMs = 0
  #calls = 0
  /** Since when the store works on the call that returns next. */
  #since = 0
  #turnEnds = 0
  /** The attempts of each customer in this turn, those that were refused included. */
  readonly #attempts = new Map<string, number>()
  readonly #sent = new Uint32Array(SENT_GROUPS * GROUP)

  constructor(private readonly options: AdmissionOptions) {}

  /** How many attempts may wait now. */
  get limit(): number {
    const pace = this.#calls === 0 ? this.#pace : Math.max(this.#pace, this.options.clock.monotonic() - this.#since)
    // Half of the time that remains beside the call itself. The other half is for what was not foreseen.
    const waitMs = (ATTEMPT_MAX_MS - this.#callMs) / 2
    const { batchMax } = this.options
    return Math.min(QUEUED_MAX, Math.max(batchMax, Math.floor((waitMs / Math.max(pace, 1)) * batchMax)))
  }

  /** Whether somebody could be refused while this many attempts wait. Cheap, because every purchase asks. */
  isPressed(queued: number): boolean {
    const shares = queued * SHARES_MAX
    return shares >= this.options.batchMax && shares >= this.limit
  }

  /** Whether one more attempt may wait. Call it once for each attempt that arrives while `isPressed`. */
  admits(customerId: string, key: string, queued: number): boolean {
    const earlier = this.#count(customerId)
    // Its answer may have been lost, so it goes before attempts that nobody has heard of. Once in a turn, because it costs a call.
    if (earlier === 0 && this.wasSent(customerId, key)) return true
    const { limit } = this
    if (queued * (earlier + 1) < limit) return true
    this.options.shed?.(queued < limit ? "share" : "queue")
    return false
  }

  /** Remembers an attempt whose answer is a success or unknown. */
  remember(customerId: string, key: string): void {
    const mark = markOf(customerId, key)
    const first = groupOf(mark)
    // Four places are moved faster one by one.
    for (let at = first + GROUP - 1; at > first; at--) this.#sent[at] = this.#sent[at - 1] ?? 0
    this.#sent[first] = mark
  }

  /** Whether this attempt is a repetition of a recent one that had, or may have had, an effect. */
  wasSent(customerId: string, key: string): boolean {
    const mark = markOf(customerId, key)
    const first = groupOf(mark)
    for (let at = first; at < first + GROUP; at++) if (this.#sent[at] === mark) return true
    return false
  }

  /**
   * Whether the call would take too long for this attempt. One that was late when it arrived is asked for all the same, because the
   * store may have its order.
   */
  isLate(notAfter: number, now: number): boolean {
    return now <= notAfter && now + this.#callMs > notAfter
  }

  shed(reason: ShedReason): void {
    this.options.shed?.(reason)
  }

  /** Notes that a call begins, and how long its first attempt has waited. */
  sent(now: number, notAfter: number): void {
    if (this.#calls++ === 0) this.#since = now
    this.options.waited?.(Math.min(ATTEMPT_MAX_MS, Math.max(0, now + ATTEMPT_MAX_MS - notAfter)))
  }

  /** Notes that a call that began at `sentAt` has returned. */
  returned(now: number, sentAt: number): void {
    this.#calls--
    this.#pace = moved(this.#pace, now - this.#since)
    this.#callMs = Math.min(CALL_MS_MAX, moved(this.#callMs, now - sentAt))
    this.#since = now
  }

  /** Counts an attempt of this customer, and returns how many came before it in this turn. */
  #count(customerId: string): number {
    const now = this.options.clock.monotonic()
    if (now >= this.#turnEnds || this.#attempts.size >= CUSTOMERS_MAX) {
      this.#attempts.clear()
      this.#turnEnds = now + TURN_MS
    }
    const earlier = this.#attempts.get(customerId) ?? 0
    this.#attempts.set(customerId, earlier + 1)
    return earlier
  }
}

/** The first value is believed as it is. */
function moved(mean: number, value: number): number {
  return mean === 0 ? value : mean + (value - mean) * (value > mean ? RISE : FALL)
}

function markOf(customerId: string, key: string): number {
  return (Math.imul(fingerprint(customerId), 31) ^ fingerprint(key)) >>> 0 || 1
}

/** The first place of the group that may have this attempt. */
function groupOf(mark: number): number {
  return (mark % SENT_GROUPS) * GROUP
}
