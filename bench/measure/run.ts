import { setTimeout as sleep } from "node:timers/promises"
import type { Case, ContenderName, Running, Target } from "../contender.ts"
import type { Customers } from "../load/customers.ts"
import { type Answers, drive } from "../load/wrk.ts"
import { cpuSeconds, machineSeconds, ownSeconds } from "./proc.ts"

const SETTLE_MS = 200
const SETTLE_TRIES = 50
/**
 * How many equal readings in a row are needed. Replicas show their stock with a delay, which is longer on a busy
 * machine.
 */
const SETTLED = 3

/** One run of the load against one contender, as the results keep it. */
export interface Run extends Answers {
  round: number
  contender: ContenderName
  kind: Case
  connections: number
  /** Answers of the wanted kind. */
  perSecond: number
  /** The units that the contender itself says it sold. They must agree with the answers. */
  sold?: number | undefined
  /** How far the permanent record was behind when the load ended. */
  lagSeconds?: number
  /** CPU seconds of each process during the run. */
  cpu: Record<string, number>
  /** CPU seconds of all processes per 1,000 answers. */
  cpuPer1000: number
  /** CPU seconds that other processes used. If they are many, the round was disturbed. */
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
  const used = processes.map(({ pid }, i) => round2(cpuSeconds(pid) - (before[i] ?? 0)))
  const total = used.reduce((sum, seconds) => sum + seconds, 0)
  const run: Run = {
    ...plan,
    ...answers,
    perSecond: wantedOf({ ...plan, ...answers }) / answers.seconds,
    strangersCpu: round2(others() - othersBefore - total),
    cpu: Object.fromEntries(processes.map(({ name }, i) => [name, used[i] ?? 0])),
    cpuPer1000: (total * 1000) / answers.answers,
    sold: await settled(target),
    ...(lagSeconds !== undefined && { lagSeconds }),
  }
  check(run)
  return run
}

/** Waits until the units sold stop changing: requests may still be in progress when the load has disconnected. */
export async function settled({ sold }: Pick<Target, "sold">): Promise<number | undefined> {
  let last = await sold?.()
  for (let i = 0, same = 0; i < SETTLE_TRIES; i++) {
    await sleep(SETTLE_MS)
    const now = await sold?.()
    same = now === last ? same + 1 : 0
    if (same === SETTLED) return now
    last = now
  }
  throw new Error("the stock still changes, long after the load has ended")
}

/** Throws unless every answer is of the wanted kind and the units sold agree with the answers. */
function check(run: Run): void {
  const { contender, kind, answers, broken, sold, connections } = run
  const who = `${contender}, ${kind}, ${connections} connections`
  const wanted = wantedOf(run)
  const wrong = answers - wanted
  if (wanted === 0) throw new Error(`${who}: there was no answer of the wanted kind`)
  // The baseline may lose a buyer now and then, as it always did. Only its correct answers count.
  if (contender !== "baseline" && broken > 0) throw new Error(`${who}: ${broken} connections broke or timed out`)
  if (contender !== "baseline" && wrong > 0)
    throw new Error(`${who}: ${wrong} of ${answers} answers were of the other kind`)
  if (sold === undefined) return
  // When the load ends, each connection may have one request in flight that sells a unit but is not counted.
  const fewest = kind === "accepted" ? wanted : 0
  const most = kind === "accepted" ? answers + broken + connections : 0
  if (sold < fewest || sold > most)
    throw new Error(`${who}: ${wanted} purchases were answered, but ${sold} units were sold`)
}

function wantedOf({ kind, answers, above399 }: Pick<Run, "kind" | "answers" | "above399">): number {
  return kind === "accepted" ? answers - above399 : above399
}

const round2 = (value: number) => Math.round(value * 100) / 100
