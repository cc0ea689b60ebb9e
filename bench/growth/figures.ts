/** What a purchase cost in one short run, and how many orders the file held when it began. */
export interface Cost {
  orders: number
  perSecond: number
  p99Ms: number
  cpuMicrosecondsEach: number
}

/**
 * The runs of one system. `fresh` begins with exactly the orders that the system was filled with, while the runtime still
 * compiles the purchase path. `warm` begins seconds later, with compiled code and some more orders.
 */
export interface Costs {
  fresh: Cost[]
  warm: Cost[]
}

/** The embedded system with so many orders in its file. */
export interface OrdersPoint extends Costs {
  orders: number
  /** From the command until every replica is ready. */
  startSeconds: number[]
  /** After the runs of one round, of each process. */
  residentMb: Record<string, number>
}

export const AXES = ["orders", "sales", "replicas", "batch", "shards"] as const
export type Axis = (typeof AXES)[number]

/** One short run somewhere on an axis. What the axis does not concern is absent. */
export interface GrowthRun {
  axis: Axis
  at: number
  /** Of all processes; along `batch` of the store alone. */
  cpuMicrosecondsEach: number
  perSecond?: number
  p99Ms?: number
  /** Of all processes together. */
  residentMb?: number
  startSeconds?: number
}

export interface GrowthFigures {
  /** Of the largest system. */
  orders: number
  /** Attempts that the large system answered before its memory was read, all replicas together. */
  attempts: number
  /** The resident memory of each process at that time, in megabytes. */
  residentMb: Record<string, number>
  /** From the smallest to the largest. Absent in results of before there were more than two. */
  points?: OrdersPoint[]
  small: Costs
  large: Costs
  growth?: GrowthRun[]
}
