import type { Costs } from "../../src/cli/plan/costs.ts"

/** What is counted rather than timed: bytes on the wire and on disk. */
export interface Sizes {
  bytes: Costs["bytes"]
  order: Pick<Costs["order"], "appendOnlyFile" | "postgres" | "sqlite">
}

/** The store's functions alone, as `bench/store` measures them. */
export interface StoreFigures {
  rounds: { what: string; perCpuSecond: number }[][]
  bytesPerOrder: number[]
}
