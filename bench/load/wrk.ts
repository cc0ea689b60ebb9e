import { fileURLToPath } from "node:url"
import { start, stop } from "../children.ts"
import type { Target } from "../contender.ts"
import type { Customers } from "./customers.ts"

const SCRIPT = fileURLToPath(new URL("buy.lua", import.meta.url))
/** How much longer than its duration wrk may take: it waits for connections that do not answer. */
const GRACE_MS = 15_000

export interface Load {
  connections: number
  seconds: number
  /** End when every customer has sent one request. Otherwise start again with the first customer. */
  once?: boolean
}

export interface Answers {
  seconds: number
  answers: number
  above399: number
  broken: number
  p50Ms: number
  p99Ms: number
  maxMs: number
}

let runs = 0

/** Runs wrk, without pipelining. `ended` may stop a run early; wrk then reports what it has done so far. */
export async function drive(target: Target, customers: Customers, load: Load, ended?: Promise<void>): Promise<Answers> {
  const args = ["-t", `${customers.files}`, "-c", `${load.connections}`, "-d", `${load.seconds}s`, "--timeout", "10s"]
  args.push("-s", SCRIPT, target.url, "--", customers.prefix, target.body, `r${++runs}-`, load.once ? "once" : "again")
  if (target.spread) args.push(`${target.spread}`)
  const wrk = start("wrk", args, { stdio: ["ignore", "pipe", "pipe"] })
  let text = ""
  wrk.stdout?.on("data", chunk => (text += chunk))
  wrk.stderr?.on("data", chunk => (text += chunk))
  const timer = setTimeout(() => wrk.kill("SIGKILL"), load.seconds * 1000 + GRACE_MS)
  void ended?.then(() => wrk.kill("SIGINT"))
  await new Promise(resolve => wrk.once("close", resolve))
  clearTimeout(timer)
  await stop(wrk)
  return parse(text)
}

function parse(text: string): Answers {
  const json = /^RESULT (.*)$/m.exec(text)?.[1]
  if (!json) throw new Error(`wrk printed no result:  ${text.trim().slice(0, 300)}`)
  const { microseconds, answers, above399, broken, p50, p99, max } = JSON.parse(json)
  return {
    seconds: microseconds / 1e6,
    answers,
    above399,
    broken,
    p50Ms: p50 / 1000,
    p99Ms: p99 / 1000,
    maxMs: max / 1000,
  }
}
