import { signal } from "@preact/signals"

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

/** Milliseconds by which the server's clock is ahead of this page's monotonic clock. */
let serverAheadMs = Number.NEGATIVE_INFINITY

/**
 * Takes in one reading of the server's clock. A reading is always a little old, because it spent time on the way or in
 * a cache. So the reading that is furthest ahead is the most accurate one.
 */
export function syncClock(serverNow: string): void {
  serverAheadMs = Math.max(serverAheadMs, Date.parse(serverNow) - performance.now())
}

/** The server's time in milliseconds since 1970. Before the first reading it is this machine's own time. */
export function serverTime(): number {
  return Number.isFinite(serverAheadMs) ? serverAheadMs + performance.now() : Date.now()
}

const TICK_MS = 200

/** The server's time as a signal, for countdowns. */
export const clock = signal(serverTime())

export function startClock(): void {
  every(TICK_MS, () => {
    clock.value = serverTime()
  })
}
