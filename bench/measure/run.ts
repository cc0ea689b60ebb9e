import { setTimeout as sleep } from "node:timers/promises"
import type { Case, ContenderName, Running, Target } from "../contender.ts"
import type { Customers } from "../load/customers.ts"
import { type Answers, drive } from "../load/wrk.ts"
import { cpuSeconds, machineSeconds, ownSeconds } from "./proc.ts"

const SETTLE_MS = 200
const SETTLE_TRIES = 50
/** Equal readings in a row: replicas show their stock with a delay, longer on a busy machine. */
const SETTLED = 3

/** One run of the load against one contender, as it is kept in the results. */
export interface Run extends Answers {
  round: number
  contender: ContenderName
  kind: Case
  connections: number
  /** Answers of the wanted kind. */
  perSecond: number
  /** What the contender's own books say, which has to agree with what was answered. */
  sold?: number | undefined
  /** How far the permanent record was behind when the load ended. */
  lagSeconds?: number
  /** CPU seconds of each process during the run. */
  cpu: Record<string, number>
  /** CPU seconds of all processes per 1,000 answers. */
  cpuPer1000: number
  /** CPU seconds that neither the contender nor the load used: a round with many was disturbed. */
  strangersCpu: number
}

export interface Plan {
  round: number
  contender: ContenderName
  kind: Case
  connections: number
  seconds: number
}

export async function measure(running: Running, customers: Customers, plan: Plan): Promise<Run> {
  return measureTarget(running, await running.open(plan.kind), customers, plan)
}

export async function measureTarget(
  running: Pick<Running, "processes">,
  target: Target,
  customers: Customers,
  plan: Plan,
): Promise<Run> {
  const processes = await running.processes()
  const before = processes.map(({ pid }) => cpuSeconds(pid))
  const others = () => machineSeconds() - ownSeconds()
  const othersBefore = others()
  const answers = await drive(target, customers, plan)
  const lagSeconds = await target.lagSeconds?.()
  const used = processes.map(({ pid }, i) => round2(cpuSeconds(pid) - before[i]!))
  const total = used.reduce((sum, seconds) => sum + seconds, 0)
  const run: Run = {
    ...plan,
    ...answers,
    perSecond: wantedOf({ ...plan, ...answers }) / answers.seconds,
    strangersCpu: round2(others() - othersBefore - total),
    cpu: Object.fromEntries(processes.map(({ name }, i) => [name, used[i]!])),
    cpuPer1000: (total * 1000) / answers.answers,
    sold: await settled(target),
    ...(lagSeconds !== undefined && { lagSeconds }),
  }
  check(run)
  return run
}

/** Reads the books when they stand still: requests may still wait inside when the load has hung up. */
export async function settled({ sold }: Pick<Target, "sold">): Promise<number | undefined> {
  let last = await sold?.()
  for (let i = 0, same = 0; i < SETTLE_TRIES; i++) {
    await sleep(SETTLE_MS)
    const now = await sold?.()
    same = now === last ? same + 1 : 0
    if (same === SETTLED) return now
    last = now
  }
  throw new Error("the stock still moves, long after the load has ended")
}

/** A fast wrong answer is worth nothing: every answer must be of the wanted kind, and the books must agree. */
function check(run: Run): void {
  const { contender, kind, answers, broken, sold, connections } = run
  const who = `${contender}, ${kind}, ${connections} connections`
  const wanted = wantedOf(run)
  const wrong = answers - wanted
  if (wanted === 0) throw new Error(`${who}: nothing was answered as it should be`)
  // The baseline may drop a buyer now and then, as it always did; only what it answered well counts.
  if (contender !== "baseline" && broken > 0) throw new Error(`${who}: ${broken} connections broke or timed out`)
  if (contender !== "baseline" && wrong > 0)
    throw new Error(`${who}: ${wrong} of ${answers} answers were of the other kind`)
  if (sold === undefined) return
  // The load ends with up to one request in flight per connection, sold but not counted.
  const fewest = kind === "accepted" ? wanted : 0
  const most = kind === "accepted" ? answers + broken + connections : 0
  if (sold < fewest || sold > most) throw new Error(`${who}: answered ${wanted}, but the books say ${sold} sold`)
}

function wantedOf({ kind, answers, above399 }: Pick<Run, "kind" | "answers" | "above399">): number {
  return kind === "accepted" ? answers - above399 : above399
}

const round2 = (value: number) => Math.round(value * 100) / 100
