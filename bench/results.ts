import type { ContenderName } from "./contender.ts"
import type { Sizes, StoreFigures } from "./costs/figures.ts"
import type { GrowthFigures } from "./growth/figures.ts"
import type { LatencyRun } from "./latency/figures.ts"
import type { Machine } from "./machine.ts"
import type { Run } from "./measure/run.ts"
import type { Soak } from "./soak/figures.ts"

/**
 * The raw results of one run of the benchmark, as its file keeps them, so that other figures can be computed from them.
 */
export interface Results {
  startedAt: string
  machine: Machine
  options: { rounds: number; seconds: number; connections: number[] }
  runs: Run[]
  memory: PeakMemory[]
  start?: StartTimes
  drill?: Drill
  /** The part `growth`, under the name that it has in the files of earlier runs. */
  scale?: GrowthFigures
  latency?: LatencyRun[]
  sizes?: Sizes
  store?: StoreFigures
  /** The part `ratio`, under its earlier name: CPU per accepted purchase, embedded, as a multiple of the floor's, as CI measures it. */
  short?: { median: number; ratios: number[] }
  soak?: Soak[]
  /** Why the benchmark ended early. */
  failed?: string
}

export interface PeakMemory {
  round: number
  contender: ContenderName
  /** The most memory that each process held, in megabytes. */
  peakMb: Record<string, number>
}

/** Seconds from the command to the first accepted purchase. */
export interface StartTimes {
  command: string
  seconds: number[]
}

/** Buyers arrive at a steady rate through nginx while the replicas are killed one after the other. */
export interface Drill {
  seconds: number
  kills: number
  answered: number
  /** Purchases that ended in an error for the buyer, after nginx's own retry and no other. */
  failed: number
  p99Ms: number
}
