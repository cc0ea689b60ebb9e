import { randomBytes } from "node:crypto"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, relative } from "node:path"
import { stopAll } from "./children.ts"
import { compare, ROUNDS_MIN } from "./compare/run.ts"
import { describeMachine } from "./machine.ts"
import { missingPackages } from "./needs.ts"
import { type Options, readOptions } from "./options.ts"
import { say } from "./progress.ts"
import { htmlPage } from "./report/html.ts"
import { writeTables } from "./report/table.ts"
import { writeResults } from "./report/write.ts"
import type { Results } from "./results.ts"
import { runRounds } from "./rounds.ts"
import { measureScale } from "./scale/run.ts"
import { measureDrill } from "./stack/drill.ts"
import { measureStart } from "./start-time.ts"

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
    if (options.parts.has("rounds")) await runRounds(work, secret, options, results)
    if (options.parts.has("drill")) results.drill = await measureDrill(work, secret)
    if (options.parts.has("start")) results.start = await measureStart(work, options.starts)
    if (options.parts.has("scale")) {
      results.scale = await measureScale(work, secret, options.orders, options.scaleRounds)
    }
  } catch (error) {
    results.failed = (error as Error).message
  }
  say(`\n${writeTables(results)}`)
  if (options.keep) say(`raw rounds: ${relative(process.cwd(), writeResults(results))}`)
  if (options.report) writeFileSync(options.report, htmlPage(results))
  if (results.failed) throw new Error(results.failed)
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
