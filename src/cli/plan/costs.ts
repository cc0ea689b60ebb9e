import measured from "./costs.json" with { type: "json" }

/** Processor time of one attempt in each process, in microseconds. */
type PerAttempt<Process extends string> = Record<Process, number>

/**
 * What one attempt, one order and one viewer cost, as `npm run bench` measured them. It writes them to `costs.json`, which is part of
 * the program.
 */
export interface Costs {
  measured: { at: string; commit: string; cpu: string; cores: number }
  /** Bare HTTP in the same runtime. */
  floor: { accepted: PerAttempt<"bun">; refused: PerAttempt<"bun"> }
  embedded: {
    accepted: PerAttempt<"replica" | "supervisor">
    /** From a replica's memory: nothing else is asked. */
    refused: PerAttempt<"replica">
  }
  stack: {
    accepted: PerAttempt<"nginx" | "replica" | "redis" | "worker" | "postgres">
    refused: PerAttempt<"nginx" | "replica">
  }
  /** The store's functions alone, in calls of 200 attempts, without fsync. */
  store: { accepted: number; refused: number }
  bytes: {
    /** One attempt's request, with its token and headers. */
    request: number
    acceptedAnswer: number
    refusedAnswer: number
    /** The launch page with all that it loads, compressed. */
    page: number
    /** What one viewer's live stream takes in a second while a sale sells. */
    streamPerSecond: number
    /** Between replicas and the store, of one accepted attempt, there and back. */
    storeTraffic: number
  }
  /** Of one confirmed order, in bytes. */
  order: { valkey: number; appendOnlyFile: number; postgres: number; sqlite: number }
  /** The most that one process held, in megabytes. */
  memoryMb: { replica: number; supervisor: number; worker: number }
  /** Processor time of an accepted purchase of the embedded system, in short rounds: so many times the floor's. CI compares. */
  timesFloor: number
  /** At half of the capacity, in milliseconds. */
  p99Ms: { embedded: number; stack: number }
}

export const COSTS: Costs = measured
