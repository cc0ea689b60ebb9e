import type { ContenderName } from "../contender.ts"
import type { ArrivalsFound } from "../load/arrivals/main.ts"

/** Shares of its capacity at which a contender's latency is measured. */
export const SHARES = [0.25, 0.5, 0.75, 0.9] as const

/** One short run of buyers who arrive at a constant rate. */
export interface LatencyRun extends ArrivalsFound {
  round: number
  contender: ContenderName
  /** Accepted purchases a second with every connection busy, found by the same load just before. */
  capacity: number
  share: number
  /** The rate of arrivals: the share of the capacity. */
  perSecond: number
}
