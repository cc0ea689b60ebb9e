import { signal } from "@preact/signals"
import { every } from "./timers.ts"

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
