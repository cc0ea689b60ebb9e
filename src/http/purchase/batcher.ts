import type { Answer, Reserve } from "../../core/command.ts"
import { isSuccess } from "../../core/outcome.ts"
import { InventoryFault } from "../../core/ports/inventory.ts"
import type { Time } from "../../runtime/time.ts"
import { type Admission, QUEUED_MAX } from "./admission.ts"

/** Attempts in one call. Larger calls do not cost less per attempt, and keep the first of them waiting. */
export const BATCH_MAX = 256
/** Calls under way at once: while the store commits one, the next is on its way. */
const CALLS_MAX = 2
/** Attempts of one replica that are queued or under way. Beyond it even those that were admitted are refused. */
export const ATTEMPTS_MAX = 2 * QUEUED_MAX
/** A second call leaves beside one that has taken this many times as long as calls usually take, if few calls are wanted. */
const SLOW_CALL = 2
/** The share of the newest call in the time that calls usually take. */
const SMOOTHING = 1 / 8
/** An attempt that came late is asked of the store all the same, within so long: the one before, under the same key, may have won. */
const LATE_ANSWER_MS = 500
/** How often attempts whose time is up are looked for. */
export const SWEEP_EVERY_MS = 50

interface Attempt {
  request: Reserve
  /** When it must be answered. */
  until: number
  settled: boolean
  resolve(answer: Answer): void
}

export interface BatcherOptions {
  /** Decides a batch: one answer per attempt, in the same order. */
  call(batch: Reserve[]): Promise<Answer[]>
  /** Decides which attempts may wait. */
  admission: Admission
  time: Time
  /** Runs `work` after every request that has arrived by now has been read. */
  soon(work: () => void): void
  /** Most calls leave when the one before returns, because a call costs much and an attempt in it little. */
  fewCalls?: boolean | undefined
  /** Called with the size of each batch. */
  sized?(attempts: number): void
}

/** All shed attempts share one answer, so that its text is made once. */
export const OVERLOADED: Answer = { outcome: "overloaded" }

/**
 * Joins the attempts that arrive while earlier calls are under way into one call. Once started, it answers every attempt
 * within `SWEEP_EVERY_MS` of its `notAfter` (of its arrival, if it came late): `overloaded` if it was never sent, otherwise `outcome_unknown`.
 */
export class Batcher implements AsyncDisposable {
  #queue: Attempt[] = []
  /** The attempts of each call that is under way. */
  readonly #calls = new Set<readonly Attempt[]>()
  #pending = 0
  /** When the last call left, and how long a call usually takes. */
  #leftAt = 0
  #usualMs = 0
  #scheduled = false
  #isStarted = false
  #sweeps: Disposable | undefined

  constructor(private readonly options: BatcherOptions) {}

  /** Begins to look for attempts whose time is up. */
  start(): void {
    this.#isStarted = true
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#sweeps?.[Symbol.dispose]()
  }

  /** Never rejects. */
  submit(request: Reserve): Promise<Answer> {
    if (this.#pending >= ATTEMPTS_MAX) {
      this.options.admission.shed("full")
      return Promise.resolve(OVERLOADED)
    }
    return new Promise(resolve => {
      const now = this.options.time.monotonic()
      const until = now > request.notAfter ? now + LATE_ANSWER_MS : request.notAfter
      const attempt = { request, until, settled: false, resolve }
      this.#pending++
      this.#queue.push(attempt)
      this.#sweepSoon()
      this.#schedule()
    })
  }

  /** Whether `refuses` could refuse anybody now. */
  get isPressed(): boolean {
    return this.options.admission.isPressed(this.#queue.length)
  }

  /** Whether too many wait for one more attempt of this customer. Call it once for each attempt, before its `submit`. */
  refuses(customerId: string, key: string): boolean {
    return this.isPressed && !this.options.admission.admits(customerId, key, this.#queue.length)
  }

  /** Attempts that have no answer yet. */
  get pending(): number {
    return this.#pending
  }

  /** While no attempt is open there is nothing to look for, and the process rests. */
  #sweepSoon(): void {
    if (!this.#isStarted || this.#pending === 0) return
    this.#sweeps ??= this.options.time.after(SWEEP_EVERY_MS, () => {
      this.#sweeps = undefined
      this.#sweep()
      this.#sweepSoon()
    })
  }

  /** Attempts that are still queued are dropped, so that a store that hangs does not fill the memory. */
  #sweep(): void {
    const now = this.options.time.monotonic()
    const isLate = ({ until, settled }: Attempt) => !settled && now > until
    for (const call of this.#calls) {
      for (const attempt of call) if (isLate(attempt)) this.#settle(attempt, { outcome: "outcome_unknown" })
    }
    const late = this.#queue.filter(isLate)
    for (const attempt of late) this.#drop(attempt)
    if (late.length > 0) this.#queue = this.#queue.filter(attempt => !attempt.settled)
    this.#schedule()
  }

  #schedule(): void {
    if (this.#scheduled || this.#queue.length === 0 || !this.#mayLeave()) return
    this.#scheduled = true
    this.options.soon(() => {
      this.#scheduled = false
      this.#send()
    })
  }

  /** A call leaves at once if no other is under way. Otherwise it may be better to let it grow. */
  #mayLeave(): boolean {
    const { fewCalls, time } = this.options
    if (this.#calls.size === 0) return true
    if (this.#calls.size >= CALLS_MAX) return false
    return !fewCalls || this.#queue.length >= BATCH_MAX || time.monotonic() - this.#leftAt > SLOW_CALL * this.#usualMs
  }

  #send(): void {
    const { admission, time } = this.options
    const sentAt = time.monotonic()
    const batch = this.#take(sentAt)
    const [first] = batch
    if (!first) return
    this.#calls.add(batch)
    this.#leftAt = sentAt
    admission.sent(sentAt, first.request.notAfter)
    this.options.sized?.(batch.length)
    void this.options
      .call(batch.map(attempt => attempt.request))
      .then(
        answers => {
          let at = 0
          for (const attempt of batch) this.#settle(attempt, answers[at++] ?? { outcome: "outcome_unknown" })
        },
        fault => {
          const isCertain = fault instanceof InventoryFault && fault.certain
          for (const attempt of batch) this.#settle(attempt, { outcome: isCertain ? "overloaded" : "outcome_unknown" })
        },
      )
      .finally(() => {
        this.#calls.delete(batch)
        const now = time.monotonic()
        this.#usualMs += SMOOTHING * (now - sentAt - this.#usualMs)
        admission.returned(now, sentAt)
        this.#schedule()
      })
    this.#schedule()
  }

  /** The next attempts that the store can still answer in time. */
  #take(now: number): Attempt[] {
    const batch: Attempt[] = []
    let taken = 0
    for (const attempt of this.#queue) {
      if (batch.length === BATCH_MAX) break
      taken++
      if (this.options.admission.isLate(attempt.request.notAfter, now)) this.#drop(attempt)
      else batch.push(attempt)
    }
    this.#queue.splice(0, taken)
    return batch
  }

  /** Answers an attempt that was never sent, and has waited too long. */
  #drop(attempt: Attempt): void {
    this.options.admission.shed("late")
    this.#settle(attempt, OVERLOADED)
  }

  #settle(attempt: Attempt, answer: Answer): void {
    if (attempt.settled) return
    attempt.settled = true
    this.#pending--
    if (isSuccess(answer.outcome) || answer.outcome === "outcome_unknown") {
      this.options.admission.remember(attempt.request.customerId, attempt.request.key)
    }
    attempt.resolve(answer)
  }
}
