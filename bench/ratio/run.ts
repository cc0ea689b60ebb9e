import { mkdirSync } from "node:fs"
import { join } from "node:path"
import type { Running } from "../contender.ts"
import { startEmbedded } from "../embedded/start.ts"
import { startFloor } from "../floor/start.ts"
import { driveArrivals } from "../load/arrivals.ts"
import { type Customers, mint } from "../load/customers.ts"
import { cpuSeconds } from "../measure/proc.ts"
import { median } from "../report/numbers.ts"

const ROUNDS = 5
const CUSTOMERS = 80_000
const CONNECTIONS = 256
const SECONDS = 0.8
const WARM_UP_SECONDS = 2

/**
 * Processor time of one accepted purchase of the embedded system as a multiple of the floor's, which is measured in the same
 * seconds: the median of short alternating rounds. Needs no program that Debian does not always have, and about 15 seconds.
 */
export async function measureCostRatio(work: string, secret: string): Promise<{ median: number; ratios: number[] }> {
  const customers = await mint(work, "ratio", secret, CUSTOMERS, 1)
  const folder = join(work, "ratio")
  mkdirSync(folder)
  const floor = await startFloor()
  const embedded = await startEmbedded({ folder, secret })
  try {
    for (const running of [floor, embedded]) await costOf(running, customers, WARM_UP_SECONDS)
    const ratios: number[] = []
    for (let round = 1; round <= ROUNDS; round++) {
      // The order turns round, so that what drifts hits both alike.
      const isTurned = round % 2 === 0
      const first = await costOf(isTurned ? embedded : floor, customers, SECONDS)
      const second = await costOf(isTurned ? floor : embedded, customers, SECONDS)
      ratios.push(isTurned ? first / second : second / first)
    }
    return { median: median(ratios), ratios }
  } finally {
    await Promise.all([floor.stop(), embedded.stop()])
  }
}

async function costOf(running: Running, customers: Customers, seconds: number): Promise<number> {
  const processes = await running.processes()
  const used = () => processes.reduce((sum, { pid }) => sum + cpuSeconds(pid), 0)
  const target = await running.open("accepted")
  const before = used()
  const found = await driveArrivals(target, customers, { connections: CONNECTIONS, seconds, warmUpSeconds: 0 })
  const { answers, above399, broken } = found
  if (above399 + broken > 0) throw new Error(`${above399 + broken} of ${answers} purchases were not accepted`)
  return (used() - before) / answers
}
