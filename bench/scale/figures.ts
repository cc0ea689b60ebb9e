/** What a purchase cost in one short run, and how many orders the file held when it began. */
export interface Cost {
  orders: number
  perSecond: number
  p99Ms: number
  cpuMicrosecondsEach: number
}

/**
 * The runs of one system. `fresh` begins with exactly the orders that it was filled with, while the runtime still
 * compiles the path of a purchase; `warm` begins seconds later, when it has, and some more orders are there.
 */
export interface Costs {
  fresh: Cost[]
  warm: Cost[]
}

export interface ScaleFigures {
  orders: number
  /** Attempts that the large system answered before its memory was read, all replicas together. */
  attempts: number
  /** Resident megabytes of each process then. */
  residentMb: Record<string, number>
  small: Costs
  large: Costs
}
