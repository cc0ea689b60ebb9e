import type { Answer, Reserve } from "../../core/command.ts"
import { InventoryFault } from "../../core/ports/inventory.ts"
import type { Time } from "../../runtime/time.ts"

/** Attempts in one call. Larger calls do not cost less per attempt, and keep the first of them waiting. */
export const BATCH_MAX = 256
/** Attempts of one replica that are queued or under way: about 100 ms of work. Beyond it attempts are refused at once. */
export const ATTEMPTS_MAX = 4096
/** Calls under way at once: while the store commits one, the next is on its way. */
const CALLS_MAX = 2
/** How often attempts whose time is up are looked for. */
export const SWEEP_EVERY_MS = 50

interface Attempt {
  request: Reserve
  settled: boolean
  resolve(answer: Answer): void
}

export interface BatcherOptions {
  /** Decides a batch: one answer per attempt, in the same order. */
  call(batch: Reserve[]): Promise<Answer[]>
  time: Time
  /** Runs `work` after every request that has arrived by now has been read. */
  soon(work: () => void): void
  /** Called with the size of each batch. */
  sized?(attempts: number): void
}

/**
 * Joins the attempts that arrive while earlier calls are under way into one call. Once started, it answers every attempt
 * within `SWEEP_EVERY_MS` of its `notAfter`: `overloaded` if it was never sent, otherwise `outcome_unknown`.
 */
export class Batcher implements AsyncDisposable {
  #queue: Attempt[] = []
  /** The attempts of each call that is under way. */
  readonly #calls = new Set<readonly Attempt[]>()
  #pending = 0
  #scheduled = false
  #sweeps: Disposable | undefined

  constructor(private readonly options: BatcherOptions) {}

  /** Begins to look for attempts whose time is up. */
  start(): void {
    this.#sweeps = this.options.time.every(SWEEP_EVERY_MS, () => this.#sweep())
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#sweeps?.[Symbol.dispose]()
  }

  /** Never rejects. */
  submit(request: Reserve): Promise<Answer> {
    if (this.#pending >= ATTEMPTS_MAX) return Promise.resolve({ outcome: "overloaded" })
    return new Promise(resolve => {
      const attempt = { request, settled: false, resolve }
      this.#pending++
      this.#queue.push(attempt)
      this.#schedule()
    })
  }

  /** Attempts that have no answer yet. */
  get pending(): number {
    return this.#pending
  }

  /** Attempts that are still queued are dropped, so that a store that hangs does not fill the memory. */
  #sweep(): void {
    const now = this.options.time.monotonic()
    const isLate = ({ request, settled }: Attempt) => !settled && now > request.notAfter
    for (const call of this.#calls) {
      for (const attempt of call) if (isLate(attempt)) this.#settle(attempt, { outcome: "outcome_unknown" })
    }
    const late = this.#queue.filter(isLate)
    for (const attempt of late) this.#settle(attempt, { outcome: "overloaded" })
    if (late.length > 0) this.#queue = this.#queue.filter(attempt => !attempt.settled)
  }

  #schedule(): void {
    if (this.#scheduled || this.#calls.size >= CALLS_MAX || this.#queue.length === 0) return
    this.#scheduled = true
    this.options.soon(() => {
      this.#scheduled = false
      this.#send()
    })
  }

  #send(): void {
    const batch = this.#queue.splice(0, BATCH_MAX)
    if (batch.length === 0) return
    this.#calls.add(batch)
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
        this.#schedule()
      })
    this.#schedule()
  }

  #settle(attempt: Attempt, answer: Answer): void {
    if (attempt.settled) return
    attempt.settled = true
    this.#pending--
    attempt.resolve(answer)
  }
}
