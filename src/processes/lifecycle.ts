import { Backoff } from "../runtime/time.ts"

/** How often a child process with a message channel sends a heartbeat once it is ready. */
export const HEARTBEAT_MS = 250
/** A child that is not ready by then is killed and replaced. A start takes 0.2 s alone, seconds on a busy machine. */
export const START_MAX_MS = 15_000

/** A process that was ready for this long was healthy: it is replaced at once when it ends. */
const HEALTHY_MS = 1000
const PAUSE_MIN_MS = 100
const PAUSE_MAX_MS = 5000

/** The pause before a process that ended is started again. Processes that keep ending early wait ever longer. */
export class RestartBackoff {
  readonly #backoff = new Backoff({ minMs: PAUSE_MIN_MS, maxMs: PAUSE_MAX_MS })

  /** `readyMs`: for how long the process that ended had been ready; undefined when it never was. */
  next(readyMs: number | undefined): number {
    if (readyMs === undefined || readyMs < HEALTHY_MS) return this.#backoff.next()
    this.#backoff.reset()
    return 0
  }
}
