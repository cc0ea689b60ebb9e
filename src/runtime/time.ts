/** Reads time. All times here are in milliseconds. */
export interface Clock {
  /** Wall time since 1970. It may jump when the machine's clock is set. */
  now(): number
  /** Elapsed time since some fixed moment. It never goes back, so use it to measure durations. */
  monotonic(): number
}

/** Runs work later. Disposing what is returned cancels it; cancelling twice does no harm. */
export interface Timers {
  /** Runs `work` once. The process stays alive until then. */
  after(ms: number, work: () => void): Disposable
  /** Runs `work` again and again. This alone does not keep the process alive. */
  every(ms: number, work: () => void): Disposable
}

/** Clock and timers together. Code takes them as a parameter, so that a test can run it on simulated time. */
export interface Time extends Clock, Timers {}

/** The machine's own clock and timers. */
export const systemTime: Time = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, work) {
    const timer = setTimeout(work, ms)
    return { [Symbol.dispose]: () => clearTimeout(timer) }
  },
  every(ms, work) {
    const timer = setInterval(work, ms)
    timer.unref()
    return { [Symbol.dispose]: () => clearInterval(timer) }
  },
}

/** Resolves after `ms`, or as soon as `signal` is aborted: check `signal.aborted` afterwards. Never rejects. */
export function sleep(ms: number, signal?: AbortSignal, timers: Timers = systemTime): Promise<void> {
  if (signal?.aborted) return Promise.resolve()
  return new Promise(resolve => {
    const done = (): void => {
      timer[Symbol.dispose]()
      signal?.removeEventListener("abort", done)
      resolve()
    }
    const timer = timers.after(ms, done)
    signal?.addEventListener("abort", done)
  })
}

/** Resolves to undefined on timeout; the work is not cancelled. Rejects if the work rejects before that. */
export async function withTimeout<Value>(
  ms: number,
  work: Promise<Value>,
  timers: Timers = systemTime,
): Promise<Value | undefined> {
  const timeout = Promise.withResolvers<undefined>()
  using _timer = timers.after(ms, () => timeout.resolve(undefined))
  return await Promise.race([work, timeout.promise])
}

interface BackoffOptions {
  minMs: number
  maxMs: number
  /** The share of each pause that is random, 0 to 1: 0 by default. It keeps clients from retrying in step. */
  jitter?: number
  /** From 0 to 1, as `Math.random`. */
  random?: () => number
}

/** Growing pauses between attempts: each is double the previous one, up to a limit. */
export class Backoff {
  #attempts = 0

  constructor(private readonly options: BackoffOptions) {}

  /** The pause before the next attempt, in milliseconds. */
  next(): number {
    const { minMs, maxMs, jitter = 0, random = Math.random } = this.options
    const pause = Math.min(maxMs, minMs * 2 ** this.#attempts++)
    return jitter === 0 ? pause : pause * (1 - jitter * random())
  }

  /** Starts again from the shortest pause. Call it after a success. */
  reset(): void {
    this.#attempts = 0
  }
}

/** Resolves when `signal` is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise(resolve => signal.addEventListener("abort", () => resolve(), { once: true }))
}
