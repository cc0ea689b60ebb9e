import type { Running, Target } from "../contender.ts"
import { type Customers, mint } from "../load/customers.ts"
import { memory } from "../measure/proc.ts"
import { measureTarget } from "../measure/run.ts"
import { explain } from "../output.ts"
import { say } from "../progress.ts"
import { three, whole } from "../report/numbers.ts"
import type { Axis, GrowthRun } from "./figures.ts"

const SECONDS = 2
const CONNECTIONS = 64
const CUSTOMERS = 90_000

/** The buyers of the warm-up and those who are measured: nobody buys twice. */
export interface Buyers {
  first: Customers
  second: Customers
}

export async function mintBuyers(work: string, secret: string): Promise<Buyers> {
  return {
    first: await mint(work, "first-half", secret, CUSTOMERS, 1),
    second: await mint(work, "second-half", secret, CUSTOMERS, 1),
  }
}

/** Warms a system up with purchases, and measures some more in the same sales. */
export async function shortRun(
  axis: Axis,
  at: number,
  running: Pick<Running, "processes" | "said">,
  target: Target,
  { first, second }: Buyers,
  more: Pick<GrowthRun, "startSeconds"> = {},
): Promise<GrowthRun> {
  const plan = {
    round: 0,
    contender: "embedded",
    kind: "accepted",
    connections: CONNECTIONS,
    seconds: SECONDS,
  } as const
  const drive = async (customers: Customers) =>
    explain(measureTarget(running, await fromNow(target), customers, plan), running.said)
  await drive(first)
  const { perSecond, p99Ms, cpuPer1000 } = await drive(second)
  const processes = await running.processes()
  const residentMb = processes.reduce((sum, { pid }) => sum + Math.round(memory(pid).residentMb), 0)
  const run = { axis, at, cpuMicrosecondsEach: cpuPer1000 * 1000, perSecond, p99Ms, residentMb, ...more }
  const cost = `${whole(perSecond)}/s, ${three(run.cpuMicrosecondsEach)} µs CPU each, ${whole(residentMb)} MB`
  say(`growth     ${axis} ${whole(at)}: ${cost}`)
  return run
}

/** Counts what is sold from this moment on. */
async function fromNow(target: Target): Promise<Target> {
  const before = (await target.sold?.()) ?? 0
  return { ...target, sold: async () => ((await target.sold?.()) ?? 0) - before }
}
