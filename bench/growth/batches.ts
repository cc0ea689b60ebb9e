import { say } from "../progress.ts"
import { median, three } from "../report/numbers.ts"
import { attempts, openSale } from "../store/calls.ts"
import { measureCalls, withStore } from "../store/server.ts"
import type { GrowthRun } from "./figures.ts"

const BATCHES = [1, 5, 20, 50, 100, 200, 500]
/** In each round and batch size. */
const ATTEMPTS = 20_000

/** The store's function alone, with more and more attempts in a call. */
export async function measureBatches(rounds: number): Promise<GrowthRun[]> {
  return withStore(async wire => {
    const found = new Map<number, number[]>()
    for (let round = 1; round <= rounds; round++) {
      for (const at of round % 2 === 1 ? BATCHES : BATCHES.toReversed()) {
        await openSale(wire, ATTEMPTS)
        const { perCpuSecond } = await measureCalls(wire, "accepted", attempts(ATTEMPTS / at, at), "Y", at)
        found.set(at, [...(found.get(at) ?? []), 1e6 / perCpuSecond])
      }
    }
    return BATCHES.map(at => {
      const cpuMicrosecondsEach = median(found.get(at) ?? [])
      say(`growth     batch ${at}: ${three(cpuMicrosecondsEach)} µs of Redis each`)
      return { axis: "batch" as const, at, cpuMicrosecondsEach }
    })
  })
}
