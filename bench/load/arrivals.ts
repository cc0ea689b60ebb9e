import { execPath } from "node:process"
import { fileURLToPath } from "node:url"
import { start, stop } from "../children.ts"
import type { Target } from "../contender.ts"
import type { ArrivalsFound, ArrivalsPlan } from "./arrivals/main.ts"
import type { Customers } from "./customers.ts"

const LOAD = fileURLToPath(new URL("arrivals/main.ts", import.meta.url))
/** The load itself waits for late answers; beyond that something is wrong with it. */
const GRACE_MS = 20_000

export type ArrivalsLoad = Pick<ArrivalsPlan, "connections" | "seconds" | "warmUpSeconds" | "perSecond">

let runs = 0

/** Buyers who arrive at a constant rate, or, without a rate, as fast as the answers come. */
export async function driveArrivals(target: Target, customers: Customers, load: ArrivalsLoad): Promise<ArrivalsFound> {
  const { url, body } = target
  const plan: ArrivalsPlan = { ...load, url, body, tokens: `${customers.prefix}-0.txt`, keys: `a${++runs}-` }
  const child = start(execPath, [LOAD, JSON.stringify(plan)], { stdio: ["ignore", "pipe", "pipe"] })
  let text = ""
  child.stdout?.on("data", chunk => (text += chunk))
  child.stderr?.on("data", chunk => (text += chunk))
  const timer = setTimeout(() => child.kill("SIGKILL"), (load.warmUpSeconds + load.seconds) * 1000 + GRACE_MS)
  await new Promise(resolve => child.once("close", resolve))
  clearTimeout(timer)
  await stop(child)
  const json = /^RESULT (.*)$/m.exec(text)?.[1]
  if (!json) throw new Error(`the load printed no result: ${text.trim().slice(0, 300)}`)
  return JSON.parse(json) as ArrivalsFound
}
