import { mkdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import type { ContenderName, Running, Setting } from "../contender.ts"
import { type ArrivalsLoad, driveArrivals } from "../load/arrivals.ts"
import { type Customers, mint } from "../load/customers.ts"
import { explain } from "../output.ts"
import { say } from "../progress.ts"
import { three, whole } from "../report/numbers.ts"
import { STARTS } from "../starts.ts"
import { type LatencyRun, SHARES } from "./figures.ts"

export interface LatencyOptions {
  rounds: number
  seconds: number
  only: ContenderName[]
}

/** So many attempts may be on their way; those that come when all are busy wait, which counts as their latency. */
const CONNECTIONS = 256
const WARM_UP_SECONDS = 1
/** More than two cores can sell per second, so that no customer of a run comes twice. */
const CUSTOMERS_PER_SECOND = 50_000
/** The baseline answers a few requests in a burst and breaks the rest; nobody would plan with its latency. */
const MEASURED: readonly ContenderName[] = ["floor", "embedded", "stack"]

/** How long accepted purchases take when buyers arrive at a constant rate, as a share of what the contender can sell. */
export async function measureLatency(
  work: string,
  secret: string,
  { rounds, seconds, only }: LatencyOptions,
): Promise<LatencyRun[]> {
  const customers = await mint(work, "arrival", secret, (WARM_UP_SECONDS + seconds) * CUSTOMERS_PER_SECOND, 1)
  const contenders = MEASURED.filter(name => only.includes(name))
  const found: LatencyRun[] = []
  for (let round = 1; round <= rounds; round++) {
    for (const contender of round % 2 === 1 ? contenders : contenders.toReversed()) {
      const folder = join(work, `latency-${contender}-${round}`)
      mkdirSync(folder)
      found.push(...(await takeTurn(contender, { folder, secret, customers }, round, seconds)))
      rmSync(folder, { recursive: true })
    }
  }
  return found
}

async function takeTurn(
  contender: ContenderName,
  setting: Setting,
  round: number,
  seconds: number,
): Promise<LatencyRun[]> {
  const running = await STARTS[contender](setting)
  const drive = (perSecond?: number) => {
    const load = { connections: CONNECTIONS, seconds, warmUpSeconds: WARM_UP_SECONDS, ...(perSecond && { perSecond }) }
    return explain(attempt(running, setting.customers, load), running.said)
  }
  try {
    // The first run compiles the hot paths; the second finds the capacity.
    await drive()
    const { answers, seconds: taken } = await drive()
    const capacity = answers / taken
    const runs: LatencyRun[] = []
    for (const share of SHARES) {
      const perSecond = Math.floor(capacity * share)
      runs.push({ round, contender, capacity, share, perSecond, ...(await drive(perSecond)) })
    }
    tell(runs)
    return runs
  } finally {
    await running.stop()
  }
}

async function attempt(running: Running, customers: Customers, load: ArrivalsLoad) {
  const found = await driveArrivals(await running.open("accepted"), customers, load)
  if (found.answers === 0 || found.broken > 0) {
    throw new Error(`arrivals: ${found.answers} answers, and ${found.broken} connections broke`)
  }
  return found
}

function tell(runs: LatencyRun[]): void {
  const [first] = runs
  const points = runs.map(({ share, latencyMs }) => `${share * 100} %: ${three(latencyMs.p99)}`)
  say(`latency    ${first?.contender.padEnd(9)} of ${whole(first?.capacity ?? 0)}/s  p99 ms at ${points.join(", ")}`)
}
