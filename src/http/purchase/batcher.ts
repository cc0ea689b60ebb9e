import type { Answer, Reserve } from "../../core/command.ts"
import { InventoryFault } from "../../core/ports/inventory.ts"
import type { Millis } from "../../core/sale.ts"

/** Attempts in one call. Larger calls do not cost less an attempt, and keep the first of them waiting. */
export const BATCH_MAX = 256
/** Attempts queued or in flight in one replica. Beyond it the answer is an immediate no: about 100 ms of work. */
export const ATTEMPTS_MAX = 4096
/** Calls under way at once: while one commits, the next is on its way. */
const CALLS_MAX = 2

interface Attempt {
  request: Reserve
  sent: boolean
  settled: boolean
  resolve(answer: Answer): void
}

export interface BatcherOptions {
  call(batch: Reserve[]): Promise<Answer[]>
  now(): Millis
  /** Runs `work` after everything that has arrived by now has been read. */
  soon(work: () => void): void
  /** Told the size of each batch. */
  sized?(attempts: number): void
}

/**
 * Joins the attempts that arrive while earlier calls are under way into one call. Every attempt is answered by its
 * `notAfter` at the latest, provided that `sweep` is called often: before it was sent, certainly without effect;
 * afterwards, unknown.
 */
export class Batcher {
  #queue: Attempt[] = []
  readonly #open = new Set<Attempt>()
  #calls = 0
  #scheduled = false

  constructor(private readonly options: BatcherOptions) {}

  submit(request: Reserve): Promise<Answer> {
    if (this.#open.size >= ATTEMPTS_MAX) return Promise.resolve({ outcome: "overloaded" })
    return new Promise(resolve => {
      const attempt = { request, sent: false, settled: false, resolve }
      this.#open.add(attempt)
      this.#queue.push(attempt)
      this.#schedule()
    })
  }

  /** Answers the attempts whose time is up. Those that still queue are forgotten, so that a store that hangs fills no memory. */
  sweep(): void {
    const now = this.options.now()
    let waited = false
    for (const attempt of this.#open) {
      if (now <= attempt.request.notAfter) continue
      if (!attempt.sent) waited = true
      this.#settle(attempt, { outcome: attempt.sent ? "outcome_unknown" : "overloaded" })
    }
    if (waited) this.#queue = this.#queue.filter(attempt => !attempt.settled)
  }

  /** Attempts not yet answered. */
  get pending(): number {
    return this.#open.size
  }

  #schedule(): void {
    if (this.#scheduled || this.#calls >= CALLS_MAX || this.#queue.length === 0) return
    this.#scheduled = true
    this.options.soon(() => {
      this.#scheduled = false
      this.#send()
    })
  }

  #send(): void {
    const batch = this.#queue.splice(0, BATCH_MAX)
    if (batch.length === 0) return
    for (const attempt of batch) attempt.sent = true
    this.#calls++
    this.options.sized?.(batch.length)
    this.options
      .call(batch.map(attempt => attempt.request))
      .then(
        answers => {
          for (const [at, attempt] of batch.entries())
            this.#settle(attempt, answers[at] ?? { outcome: "outcome_unknown" })
        },
        fault => {
          const certain = fault instanceof InventoryFault && fault.certain
          for (const attempt of batch) this.#settle(attempt, { outcome: certain ? "overloaded" : "outcome_unknown" })
        },
      )
      .finally(() => {
        this.#calls--
        this.#schedule()
      })
    this.#schedule()
  }

  #settle(attempt: Attempt, answer: Answer): void {
    if (attempt.settled) return
    attempt.settled = true
    this.#open.delete(attempt)
    attempt.resolve(answer)
  }
}
