import type { Millis } from "../sale.ts"

/** A clock that is off by more than this, by what elapsed time says, has jumped. A smaller step is waited out. */
export const CLOCK_JUMP_MS = 2000

/** How a store's clock is. A jump is a difference of more than two seconds from what elapsed time says. */
export interface ClockStatus {
  /** Jumps since the process began. */
  jumps: number
  /** The size of the last jump, for ten minutes after it; negative if the clock went back. Otherwise 0. */
  jumpMs: Millis
  /** The clock has jumped and was not steady for long enough since. Until then the store decides nothing. */
  isInDoubt: boolean
  /** How far the store's clock is ahead of the clock of the process that says so. */
  aheadMs: Millis
}

/** One sentence that says why the store decides nothing because of its clock; undefined when it is sure of it. */
export function clockObstacle({ isInDoubt, jumpMs }: ClockStatus): string | undefined {
  if (!isInDoubt) return undefined
  const seconds = `${jumpMs < 0 ? "" : "+"}${(jumpMs / 1000).toFixed(1)} s`
  return `The store's clock jumped by ${seconds}; sales wait until it has been steady for five seconds.`
}
