import type { ContenderName } from "../contender.ts"

/** One minute of a soak. */
export interface Minute {
  minute: number
  answers: number
  accepted: number
  broken: number
  perSecond: number
  p50Ms: number
  p99Ms: number
  /** Orders so far. */
  orders: number
  /** Resident memory at the end of the minute, of all processes of a role together, in megabytes. */
  residentMb: Record<string, number>
  /** What the contender keeps on disk, in megabytes. */
  filesMb: Record<string, number>
}

export interface Soak {
  contender: ContenderName
  /** Accepted purchases a second with every connection busy, found just before. */
  capacity: number
  /** Arrivals a second, all the time. */
  perSecond: number
  minutes: Minute[]
}
