const FIRST_DELAY_MS = 300
const LONGEST_DELAY_MS = 8_000

/**
 * Milliseconds to wait before the next try, after `tries` failed ones. The delay doubles each time. Half of it is
 * random, so that many pages do not return at the same moment. It is never shorter than the server asked for.
 */
export function backoffMs(tries: number, retryAfterMs = 0, random = Math.random()): number {
  const ceiling = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(tries, 16))
  const jittered = ceiling * (0.5 + random / 2)
  return Math.round(retryAfterMs > 0 ? retryAfterMs + jittered / 2 : jittered)
}

export const sleep = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms))

/** Runs `task` once, after `ms` milliseconds. Returns a function that cancels it. */
export function after(ms: number, task: () => void): () => void {
  const timer = setTimeout(task, ms)
  return () => clearTimeout(timer)
}

/** Runs `task` every `ms` milliseconds. Returns a function that stops it. */
export function every(ms: number, task: () => void): () => void {
  const timer = setInterval(task, ms)
  return () => clearInterval(timer)
}
