import { randomBytes } from "node:crypto"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, relative } from "node:path"
import { stopAll } from "./children.ts"
import { compare, ROUNDS_MIN } from "./compare/run.ts"
import { measureSizes } from "./costs/sizes.ts"
import { measureGrowth } from "./growth/run.ts"
import { measureLatency } from "./latency/run.ts"
import { describeMachine } from "./machine.ts"
import { missingPackages } from "./needs.ts"
import { type Options, type Part, readOptions } from "./options.ts"
import { profile } from "./profile/run.ts"
import { say } from "./progress.ts"
import { measureCostRatio } from "./ratio/run.ts"
import { htmlPage } from "./report/html.ts"
import { three, whole } from "./report/numbers.ts"
import { writeTables } from "./report/table.ts"
import { resultsFile, writeResults } from "./report/write.ts"
import type { Results } from "./results.ts"
import { runRounds } from "./rounds.ts"
import { soak } from "./soak/run.ts"
import { measureDrill } from "./stack/drill.ts"
import { measureStart } from "./start-time.ts"
import { measureStore } from "./store/run.ts"

async function bench(options: Options, work: string): Promise<void> {
  const secret = randomBytes(32).toString("hex")
  const { rounds, seconds, connections } = options
  const results: Results = {
    startedAt: new Date().toISOString(),
    machine: describeMachine(work),
    options: { rounds, seconds, connections },
    runs: [],
    memory: [],
  }
  try {
    await measureParts(options, work, secret, results)
  } catch (error) {
    results.failed = (error as Error).message
  }
  say(`\n${writeTables(results)}`)
  if (options.keep) say(`raw rounds: ${relative(process.cwd(), writeResults(results))}`)
  if (options.report) writeFileSync(options.report, htmlPage(results))
  if (results.failed) throw new Error(results.failed)
}

async function measureParts(options: Options, work: string, secret: string, results: Results): Promise<void> {
  const { parts, only, seconds } = options
  if (parts.has("rates")) await timed("rates", () => runRounds(work, secret, options, results))
  if (parts.has("latency")) {
    const latency = { rounds: options.latencyRounds, seconds, only }
    results.latency = await timed("latency", () => measureLatency(work, secret, latency))
  }
  if (parts.has("drill")) results.drill = await timed("drill", () => measureDrill(work, secret))
  if (parts.has("start")) results.start = await timed("start", () => measureStart(work, options.starts))
  if (parts.has("store")) results.store = await timed("store", () => measureStore())
  if (parts.has("sizes")) results.sizes = await timed("sizes", () => measureSizes(work, secret))
  if (parts.has("ratio")) {
    results.short = await timed("ratio", () => measureCostRatio(work, secret))
    say(`CPU per accepted, embedded, as CI measures it: ${three(results.short.median)} x the floor's`)
  }
  if (parts.has("growth")) {
    results.scale = await timed("growth", () => measureGrowth(work, secret, options))
  }
  if (parts.has("soak")) results.soak = await timed("soak", () => soak(work, secret, { minutes: options.soak, only }))
  if (parts.has("profile"))
    await timed("profile", () => profile(work, secret, only, `${resultsFile(results)}-profiles`))
}

/** Says how long a part took. */
async function timed<Value>(part: Part, measure: () => Promise<Value>): Promise<Value> {
  const from = performance.now()
  const found = await measure()
  say(`${part} took ${whole((performance.now() - from) / 1000)} s`)
  return found
}

/** Prints the results of an earlier run. */
function retell(from: string, report: string | undefined): void {
  const results = JSON.parse(readFileSync(from, "utf8")) as Results
  say(writeTables(results))
  if (report) writeFileSync(report, htmlPage(results))
}

/** False if a compared figure has become slower. */
async function measured(options: Options, work: string): Promise<boolean> {
  const { compare: commit, rounds } = options
  if (commit) {
    const secret = randomBytes(32).toString("hex")
    return compare(work, secret, { ...options, commit, rounds: Math.max(rounds, ROUNDS_MIN) })
  }
  await bench(options, work)
  return true
}

/** Ends every program that was started and removes the folder, also after a failure. */
async function main(): Promise<number> {
  const options = readOptions(process.argv)
  if (options.from) {
    retell(options.from, options.report)
    return 0
  }
  const missing = missingPackages(options.compare ? ["embedded"] : options.only)
  if (missing.length > 0) {
    process.stderr.write(`The benchmark needs programs that are missing here: apt install ${missing.join(" ")}\n`)
    return 1
  }
  const work = mkdtempSync(join(tmpdir(), "doorbuster-bench-"))
  const interrupted = new Promise<number>(resolve => {
    for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => resolve(130))
  })
  const finished = measured(options, work).then(
    isFine => (isFine ? 0 : 1),
    error => {
      process.stderr.write(`${(error as Error).message}\n`)
      return 1
    },
  )
  const code = await Promise.race([interrupted, finished])
  await stopAll()
  rmSync(work, { recursive: true, force: true })
  return code
}

process.exit(await main())
