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

export interface ScaleFigures {
  orders: number
  /** Attempts that the large system answered before its memory was read, all replicas together. */
  attempts: number
  /** The resident memory of each process at that time, in megabytes. */
  residentMb: Record<string, number>
  small: Costs
  large: Costs
}
