import type { Millis } from "../../core/sale.ts"
import type { Log } from "../../observability/log.ts"
import { Rest } from "../../runtime/rest.ts"
import { Backoff, type Timers } from "../../runtime/time.ts"

/** The first pause after a failure and the longest: a store that comes back is noticed within two seconds. */
const RETRY_MIN_MS = 50
const RETRY_MAX_MS = 2000
/** Half of each pause is random, so that workers do not retry in step. */
const RETRY_JITTER = 0.5
/** A step that news calls begins this long after the one before it at the earliest, so that it finds more to do. */
const CALLED_AFTER_MS = 100

/**
 * Does one step and returns the pause before the next one. A step that takes long calls `healthy` once it works again.
 * `stopping` is aborted when the loop is stopped.
 */
export type Step = (healthy: () => void, stopping: AbortSignal) => Promise<Millis>

export interface RetryLoopOptions {
  /** Names the work in the log. */
  name: string
  step: Step
  log: Log
  timers?: Timers | undefined
  /** The shortest pause that `wake` leaves of a longer one: a tenth of a second unless it is given. */
  calledAfterMs?: Millis
}

/**
 * Repeats a step until it is disposed of. A step that fails is tried again after growing pauses, for ever. The log gets one
 * line when the reason changes and one when the step works again.
 */
export class RetryLoop implements AsyncDisposable {
  readonly #backoff = new Backoff({ minMs: RETRY_MIN_MS, maxMs: RETRY_MAX_MS, jitter: RETRY_JITTER })
  readonly #stopping = new AbortController()
  #running: Promise<void> | undefined
  readonly #rest: Rest
  #fault: string | undefined

  constructor(private readonly options: RetryLoopOptions) {
    this.#rest = new Rest(options.timers)
  }

  start(): void {
    this.#running ??= this.#run()
  }

  /** There may be something to do. A pause after a failure goes on. */
  wake(): void {
    this.#rest.wake()
  }

  /** Why the last step failed; undefined while all is well. */
  get fault(): string | undefined {
    return this.#fault
  }

  /** Waits for the step that is under way. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping
    while (!signal.aborted) {
      const pause = await this.#once()
      const { calledAfterMs = CALLED_AFTER_MS } = this.options
      const shortest = this.#fault === undefined ? Math.min(pause, calledAfterMs) : pause
      await this.#rest.take(shortest, pause, signal)
    }
  }

  async #once(): Promise<Millis> {
    const { name, step, log } = this.options
    const { signal } = this.#stopping
    try {
      const pause = await step(() => this.#healthy(), signal)
      this.#healthy()
      return pause
    } catch (error) {
      const { message } = error as Error
      if (message !== this.#fault && !signal.aborted) log.error({ work: name, error: message }, "failed; trying again")
      this.#fault = message
      return this.#backoff.next()
    }
  }

  #healthy(): void {
    if (this.#fault !== undefined) this.options.log.info({ work: this.options.name }, "works again")
    this.#backoff.reset()
    this.#fault = undefined
  }
}
