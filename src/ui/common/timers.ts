const FIRST_MS = 300
const LONGEST_MS = 8_000

/**
 * How long to wait before try `tries + 1`: doubling, with the upper half of it random so that a crowd does not come back
 * in step, and never before the server asked for.
 */
export function backoff(tries: number, retryAfterMs = 0, random = Math.random()): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(tries, 16))
  const jittered = ceiling * (0.5 + random / 2)
  return Math.round(retryAfterMs > 0 ? retryAfterMs + jittered / 2 : jittered)
}

export const pause = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms))
