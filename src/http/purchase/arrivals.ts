import type { Time } from "../../runtime/time.ts"

/** nginx overwrites it in every request: its host's name and, in seconds, its clock when the request came. */
const ARRIVAL_HEADER = "x-arrival"
const STAMP = /^([\w.-]{1,64}) (\d{1,12}\.\d{3})$/

/** A process that did not run for so long may read requests whose senders have given up. Busy ones run far more often. */
export const GAP_MS = 500
const LOOK_EVERY_MS = 200
/** What waited in sockets during a gap is read by then. */
export const UNSURE_MS = 1000
/** How many turns of the event loop without a purchase show that nothing is left to read of what came during a gap. */
const QUIET_TURNS = 3
/**
 * The kernel hands out readable sockets in rotation, a thousand in a turn, so after this many turns each of 30,000 has been read. Without
 * this end a replica under constant load would call every attempt late for ever.
 */
export const DRAIN_TURNS_MAX = 32
/** An edge's offset is the best of this and of the time before. */
const GENERATION_MS = 2000
const GENERATION_SAMPLES = 8
/** A shop has few edges. More names than this are not remembered. */
const EDGES_MAX = 64

export interface ArrivalsOptions {
  time: Time
  /** Whether a proxy that overwrites `ARRIVAL_HEADER` stands before every client. */
  isStamped: boolean
  /** Runs `work` after every request that has arrived by now has been read. */
  soon(work: () => void): void
}

/**
 * When attempts arrived, by this process's monotonic clock, so that one that waited unread in a socket is late: its sender may have
 * got another answer from another replica. The rule: **no attempt takes effect later than its deadline after it arrived at the edge.**
 *
 * With stamps the edge itself says when. Its clock is another one, so this process learns the difference from the stamps: no request
 * is read before it was stamped, so the smallest difference is the best. Without stamps, a process that was suspended treats whatever
 * it can read afterwards as late.
 */
export class Arrivals implements AsyncDisposable {
  readonly #edges = new Map<string, EdgeClock>()
  #lookedAt: number
  /** When the last gap ended. */
  #resumedAt = Number.NEGATIVE_INFINITY
  #isDraining = false
  #turnsLeft = 0
  #readInTurn = false
  #looks: Disposable | undefined

  constructor(private readonly options: ArrivalsOptions) {
    this.#lookedAt = options.time.monotonic()
  }

  /** Begins to watch whether this process runs. */
  start(): void {
    const { time } = this.options
    this.#lookedAt = time.monotonic()
    this.#looks = time.every(LOOK_EVERY_MS, () => this.#look(time.monotonic()))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#looks?.[Symbol.dispose]()
  }

  /** When the request came. `Number.NEGATIVE_INFINITY`: it may have waited for any time. */
  of(headers: Pick<Headers, "get">): number {
    const now = this.options.time.monotonic()
    this.#look(now)
    this.#readInTurn = true
    const stamp = this.options.isStamped ? STAMP.exec(headers.get(ARRIVAL_HEADER) ?? "") : null
    if (!stamp) return this.#isDraining ? Number.NEGATIVE_INFINITY : now
    const [, edge = "", seconds] = stamp
    const stampedAt = Number(seconds) * 1000
    const clock = this.#edges.get(edge) ?? new EdgeClock()
    if (now - this.#resumedAt > UNSURE_MS) {
      if (this.#edges.size < EDGES_MAX) this.#edges.set(edge, clock)
      clock.learn(now - stampedAt, now)
    }
    return Math.min(now, stampedAt + clock.offset)
  }

  #look(now: number): void {
    const hadGap = now - this.#lookedAt > GAP_MS
    this.#lookedAt = now
    if (!hadGap) return
    this.#resumedAt = now
    this.#turnsLeft = DRAIN_TURNS_MAX
    if (!this.#isDraining) this.#drain(QUIET_TURNS)
  }

  /** Until so many turns have read nothing, or every socket has been read, what is read came during the gap. */
  #drain(turns: number): void {
    this.#isDraining = turns > 0 && this.#turnsLeft-- > 0
    this.#readInTurn = false
    if (this.#isDraining) this.options.soon(() => this.#drain(this.#readInTurn ? QUIET_TURNS : turns - 1))
  }
}

/** How far one edge's clock is behind this process's, which has another beginning. */
class EdgeClock {
  #before = Number.POSITIVE_INFINITY
  #best = Number.POSITIVE_INFINITY
  #samples = 0
  #since: number | undefined

  /** In milliseconds; `Number.NEGATIVE_INFINITY` while nothing is known. */
  get offset(): number {
    const best = Math.min(this.#before, this.#best)
    return Number.isFinite(best) ? best : Number.NEGATIVE_INFINITY
  }

  /** Samples are replaced by newer ones only, however old they are. */
  learn(difference: number, now: number): void {
    this.#since ??= now
    if (this.#samples >= GENERATION_SAMPLES && now - this.#since > GENERATION_MS) {
      this.#before = this.#best
      this.#best = Number.POSITIVE_INFINITY
      this.#samples = 0
      this.#since = now
    }
    this.#best = Math.min(this.#best, difference)
    this.#samples++
  }
}
