import type { ContenderName } from "./contender.ts"
import type { Machine } from "./machine.ts"
import type { Run } from "./measure/run.ts"
import type { ScaleFigures } from "./scale/figures.ts"

/** Everything that one run of the benchmark found, as its file keeps it: raw, so that anybody can do other sums. */
export interface Results {
  startedAt: string
  machine: Machine
  options: { rounds: number; seconds: number; connections: number[] }
  runs: Run[]
  memory: PeakMemory[]
  start?: StartTimes
  drill?: Drill
  scale?: ScaleFigures
  /** Why the benchmark ended before its time. */
  failed?: string
}

export interface PeakMemory {
  round: number
  contender: ContenderName
  /** Most megabytes that each process held at once. */
  peakMb: Record<string, number>
}

/** Seconds from the command to the first accepted purchase. */
export interface StartTimes {
  command: string
  seconds: number[]
}

/** Buyers at a steady rate through nginx while replicas are killed, each in its turn. */
export interface Drill {
  seconds: number
  kills: number
  answered: number
  /** Purchases that a buyer saw end in an error, after the proxy's own retry and no other. */
  failed: number
  p99Ms: number
}
