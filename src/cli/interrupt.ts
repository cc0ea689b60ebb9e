import { constants } from "node:os"
import { systemTime, type Time, withTimeout } from "../runtime/time.ts"

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const
/** One Ctrl-C may arrive several times: the terminal, npm and the launcher may each send it. */
const SAME_PRESS_MS = 300
/** The longest clean-up after a second Ctrl-C. A user who asks twice must not wait for long. */
const CLEANUP_MS_MAX = 1_500

export interface Interrupt {
  /** Is aborted by the first SIGINT, SIGTERM or SIGHUP. */
  signal: AbortSignal
  /** The second one runs this, for 1.5 seconds at most, before it ends the process. */
  cleanup?: () => Promise<void>
}

/**
 * Runs work that a first Ctrl-C ends early but in order: the work sees `signal.aborted` and finishes by itself. A
 * second Ctrl-C ends the process at once with exit code 130. SIGTERM (143) and SIGHUP (129) do the same.
 */
export async function untilInterrupted<Value>(
  work: (interrupt: Interrupt) => Promise<Value>,
  time: Time = systemTime,
): Promise<Value> {
  const controller = new AbortController()
  const interrupt: Interrupt = { signal: controller.signal }
  let firstAt: number | undefined
  let isEnding = false
  const onSignal = (name: (typeof SIGNALS)[number]): void => {
    if (firstAt === undefined) {
      firstAt = time.monotonic()
      controller.abort()
    } else if (!isEnding && time.monotonic() - firstAt > SAME_PRESS_MS) {
      isEnding = true
      void endNow(interrupt, 128 + constants.signals[name], time)
    }
  }
  // After SIGHUP the terminal is gone: a failed write must not keep the work from finishing.
  const onWriteError = (error: Error): void => {
    if (firstAt === undefined) throw error
  }
  process.stdout.on("error", onWriteError)
  for (const name of SIGNALS) process.on(name, onSignal)
  try {
    return await work(interrupt)
  } finally {
    for (const name of SIGNALS) process.off(name, onSignal)
    process.stdout.off("error", onWriteError)
  }
}

async function endNow({ cleanup }: Interrupt, code: number, time: Time): Promise<void> {
  try {
    if (cleanup) await withTimeout(CLEANUP_MS_MAX, cleanup(), time)
  } finally {
    process.exit(code)
  }
}
