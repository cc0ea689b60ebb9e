import { setTimeout as sleep } from "node:timers/promises"
import type { Customers } from "../load/customers.ts"
import { mint } from "../load/customers.ts"
import { drive } from "../load/wrk.ts"
import { tree } from "../measure/proc.ts"
import { settled } from "../measure/run.ts"
import { explain } from "../output.ts"
import { say } from "../progress.ts"
import { whole } from "../report/numbers.ts"
import type { Drill } from "../results.ts"
import { startStack } from "./start.ts"

const SECONDS = 30
const KILL_EVERY_MS = 2000
const CONNECTIONS = 64
const CUSTOMERS = 600_000

/** Buyers who do not retry, while one replica after the other is killed. It shows which failures nginx hides. */
export async function measureDrill(work: string, secret: string): Promise<Drill> {
  const customers = await mint(work, "unlucky", secret, CUSTOMERS, 1)
  const running = await startStack({ secret }, true)
  try {
    return await explain(killUnder(running, customers), running.said)
  } finally {
    await running.stop()
  }
}

async function killUnder(
  { stack, open }: Awaited<ReturnType<typeof startStack>>,
  customers: Customers,
): Promise<Drill> {
  const target = await open("accepted")
  const ended = new AbortController()
  const load = drive(target, customers, { connections: CONNECTIONS, seconds: SECONDS }).finally(() => ended.abort())
  let kills = 0
  while (!ended.signal.aborted) {
    await sleep(KILL_EVERY_MS, undefined, { signal: ended.signal }).catch(() => {})
    if (!ended.signal.aborted && killOne(stack.replicas[kills % stack.replicas.length]!.pid)) kills++
  }
  const { answers, above399, broken, p99Ms } = await load
  const sold = (await settled(target))!
  if (sold < answers - above399)
    throw new Error(`${answers - above399} purchases were answered, but ${sold} units were sold`)
  const drill = { seconds: SECONDS, kills, answered: answers, failed: above399 + broken, p99Ms }
  say(`drill      ${kills} replicas killed in ${SECONDS} s: ${whole(answers)} answered, ${drill.failed} failed`)
  return drill
}

/** Kills the replica itself, not the watchdog that replaces it. */
function killOne(keeper: number): boolean {
  const [, replica] = tree(keeper)
  if (replica !== undefined) process.kill(replica, "SIGKILL")
  return replica !== undefined
}
