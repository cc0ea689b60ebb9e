import { availableParallelism } from "node:os"
import { wholeGiven } from "../src/wire/given.ts"
import { Durations } from "./test/durations.ts"
import { Job } from "./test/job.ts"
import { runInLanes } from "./test/lanes.ts"
import { lastLine, sum } from "./test/output.ts"
import { jobsOf } from "./test/plan.ts"
import { saysNeeds } from "./test/programs.ts"
import { Progress, seconds } from "./test/progress.ts"
import { type Choice, choose, testFiles, UnknownNameError } from "./test/selection.ts"

const HELP = `Runs the tests: all of them, or those that you name.

Usage: npm test [-- FILE | FOLDER | PART-OF-A-PATH ...] [-t PART-OF-A-TITLE]

Without a name every test runs, with small counts; what needs a program that this machine lacks is left out and
counted. With CI=true every test runs at full size, and nothing may be left out.

  npm test -- test/http/limits.test.ts    one file
  npm test -- test/http/                  a folder
  npm test -- limits                      every file whose path contains "limits"
  npm test -- limits -t "one address"     of these, the tests whose title contains that
  npm test -- --record                    all tests; how long each file took is kept for the order of later runs

Settings
  CI=true         all tests at full size
  TEST_LANES=3    so many files run side by side; otherwise one more than there are cores
  FUZZ_SEED=1     repeats the random requests of a run that printed this seed
`

/** One more than there are cores, because many tests wait for a process or for a timer. */
const LANES = wholeGiven(process.env.TEST_LANES || String(availableParallelism() + 1), 1, 1000)
/** Files that are named at the end of a run. */
const SLOWEST = 15

if (LANES === undefined) {
  console.error(`TEST_LANES must be a whole number from 1 to 1000, not ${JSON.stringify(process.env.TEST_LANES)}.`)
  process.exit(1)
}
const isCi = process.env.CI === "true"
const words = process.argv.slice(2)
const jobs: Job[] = []
let progress: Progress | undefined
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, stopAll)
process.exitCode = await main()

async function main(): Promise<number> {
  if (words.includes("--help")) {
    console.log(HELP)
    return 0
  }
  const shouldRecord = words.includes("--record")
  try {
    const choice = choose(words.filter(word => word !== "--record"))
    const isEverything = choice.files.length === testFiles().length && choice.flags.length === 0
    return isEverything ? await runAll(choice, shouldRecord) : await runSome(choice)
  } catch (error) {
    if (!(error instanceof UnknownNameError)) throw error
    console.error(error.message)
    return 1
  }
}

/** With CI=true, what needs nothing but Node and npm gets nothing else. */
function isBare(file: string): boolean {
  return isCi && !saysNeeds(file)
}

/** In one process, whose output is shown as it comes. */
async function runSome({ files, flags }: Choice): Promise<number> {
  const job = new Job("the chosen tests", files, files.every(isBare))
  jobs.push(job)
  await job.run(flags, chunk => process.stdout.write(chunk))
  for (const thing of job.left) console.log(`Left behind, and ended: ${thing}`)
  return conclude()
}

async function runAll({ files }: Choice, shouldRecord: boolean): Promise<number> {
  const started = performance.now()
  const durations = Durations.read(isCi ? "full" : "brief")
  jobs.push(...jobsOf(files, durations, isBare))
  progress = new Progress(files.length, jobs)
  progress.start()
  await runInLanes(jobs, LANES ?? 1, progress)
  progress.stop()
  const times = jobs.flatMap(({ output }) => output.times).sort((one, other) => other.ms - one.ms)
  if (shouldRecord) durations.record(times)
  console.log(`\nSlowest files, of ${seconds(performance.now() - started)}:`)
  for (const { file, ms } of times.slice(0, SLOWEST)) console.log(`${seconds(ms).padStart(8)}  ${file}`)
  return conclude()
}

/** Names what failed, and counts everything in the last line. */
function conclude(): number {
  const counts = sum(jobs.map(({ output }) => output.counts))
  const failed = jobs.flatMap(({ name, output }) => output.failed.map(title => `${name}: ${title}`))
  if (isCi && counts.skip > 0) failed.push(`${counts.skip} tests were left out although CI=true`)
  console.log()
  for (const line of failed) console.log(`✗ ${line}`)
  console.log(lastLine({ ...counts, fail: failed.length }))
  return failed.length > 0 || counts.pass === 0 ? 1 : 0
}

function stopAll(): void {
  progress?.stop()
  for (const job of jobs) job.stop()
}
