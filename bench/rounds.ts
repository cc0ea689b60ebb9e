import { mkdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import { CASES, type ContenderName, type Running, type Setting } from "./contender.ts"
import { type Customers, mint } from "./load/customers.ts"
import { memory } from "./measure/proc.ts"
import { measure } from "./measure/run.ts"
import { explain } from "./output.ts"
import { progress } from "./progress.ts"
import type { Results } from "./results.ts"
import { STARTS } from "./starts.ts"

const WARM_UP_SECONDS = 3
/** More than two cores can sell per second, so that no customer of a run comes twice. */
const CUSTOMERS_PER_SECOND = 60_000

export interface RoundOptions {
  rounds: number
  seconds: number
  connections: number[]
  only: ContenderName[]
}

type Found = Pick<Results, "runs" | "memory">

/** Runs each contender alone on the machine. The order is reversed each round, so that drift affects all alike. */
export async function runRounds(work: string, secret: string, options: RoundOptions, found: Found): Promise<void> {
  const seconds = Math.max(options.seconds, WARM_UP_SECONDS)
  const customers = await mint(work, "customer", secret, seconds * CUSTOMERS_PER_SECOND, 1)
  for (let round = 1; round <= options.rounds; round++) {
    const order = round % 2 === 1 ? options.only : options.only.toReversed()
    for (const contender of order) {
      const folder = join(work, `${contender}-${round}`)
      mkdirSync(folder)
      await takeTurn(contender, { folder, secret, customers }, round, options, found)
      rmSync(folder, { recursive: true })
    }
  }
}

async function takeTurn(
  contender: ContenderName,
  setting: Setting,
  round: number,
  options: RoundOptions,
  found: Found,
): Promise<void> {
  const running = await STARTS[contender](setting)
  try {
    await warmUp(running, contender, setting.customers)
    for (const kind of CASES) {
      for (const connections of options.connections) {
        const plan = { round, contender, kind, connections, seconds: options.seconds }
        const run = await explain(measure(running, setting.customers, plan), running.said)
        found.runs.push(run)
        progress(run, options.rounds)
      }
    }
    const peaks = (await running.processes()).map(({ pid, name }) => [name, Math.round(memory(pid).peakMb)])
    found.memory.push({ round, contender, peakMb: Object.fromEntries(peaks) })
  } finally {
    await running.stop()
  }
}

/** Lets the runtime compile its hot paths before anything is measured. */
async function warmUp(running: Running, contender: ContenderName, customers: Customers): Promise<void> {
  for (const kind of CASES) {
    const plan = { round: 0, contender, kind, connections: 64, seconds: WARM_UP_SECONDS }
    await explain(measure(running, customers, plan), running.said)
  }
}
