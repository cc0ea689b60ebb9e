import type { Millis } from "../../core/sale.ts"
import type { Log } from "../../observability/log.ts"

/** The first rest after a failure, and the longest: a store that comes back is noticed within two seconds. */
const RETRY_MIN_MS = 50
const RETRY_MAX_MS = 2000

/** Work that is done again and again, at its own pace, until it is stopped. */
export interface Loop {
  /** Why the last step failed; nothing while all is well. */
  readonly fault: string | undefined
  /** Ends after the step that is under way. */
  stop(): Promise<void>
}

/**
 * Repeats `step`, which returns how long to rest after it. A step that fails is tried again, ever later, for ever; the
 * log has one line when the reason changes and one when it is gone. A step that takes long calls `well` when it got on.
 */
export function loop(name: string, step: (well: () => void) => Promise<Millis>, log: Log): Loop {
  const stopping = Promise.withResolvers<void>()
  let isStopping = false
  let failures = 0
  let fault: string | undefined

  function well(): void {
    if (fault !== undefined) log.info({ work: name }, "works again")
    failures = 0
    fault = undefined
  }

  async function once(): Promise<Millis> {
    try {
      const rest = await step(well)
      well()
      return rest
    } catch (error) {
      const { message } = error as Error
      if (message !== fault && !isStopping) log.error({ work: name, error: message }, "fails, and is tried again")
      fault = message
      return backOff(failures++)
    }
  }

  async function run(): Promise<void> {
    while (!isStopping) {
      const rest = await once()
      if (!isStopping) await Promise.race([sleep(rest), stopping.promise])
    }
  }

  const ended = run()
  return {
    get fault() {
      return fault
    },
    stop() {
      isStopping = true
      stopping.resolve()
      return ended
    },
  }
}

/** Half of it is chance, so that workers do not knock together. */
function backOff(failures: number): Millis {
  const longest = Math.min(RETRY_MAX_MS, RETRY_MIN_MS * 2 ** Math.min(failures, 10))
  return longest * (0.5 + Math.random() / 2)
}

function sleep(millis: Millis): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, millis))
}
