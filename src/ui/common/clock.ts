import { signal } from "@preact/signals"

/** How far the server's clock is ahead of this page's monotonic one. */
let ahead = Number.NEGATIVE_INFINITY

/**
 * Takes in one reading of the server's clock. A reading is only ever late, by its time on the way or in a cache, so the
 * one furthest ahead is the truest.
 */
export function hearClock(serverNow: string): void {
  ahead = Math.max(ahead, Date.parse(serverNow) - performance.now())
}

/** The server's time in milliseconds since 1970; this machine's own until the server was heard. */
export function serverTime(): number {
  return Number.isFinite(ahead) ? ahead + performance.now() : Date.now()
}

const TICK_MS = 200

/** The server's time as a signal, for what counts down. */
export const clock = signal(serverTime())

export function startClock(): void {
  setInterval(() => {
    clock.value = serverTime()
  }, TICK_MS)
}
