import { mkdirSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { showHelp } from "../../scripts/show-help.ts"
import { wholeGiven } from "../../src/wire/given.ts"
import { valkeyImage } from "../../test/support/valkey.ts"
import { describeMachine } from "../machine.ts"
import { median, whole } from "../report/numbers.ts"
import { ATTEMPTS_PER_CALL, attempts, bytesOfSale, drain, openSale } from "./calls.ts"
import { type Measured, measureCalls, processorSeconds, withStore } from "./server.ts"
import { encode, type Wire } from "./wire.ts"

const HELP = `Usage: npm run bench:store -- [ROUNDS] [CALLS] [--valkey]

Measures the Redis functions alone: attempts that one core of Redis decides per second, beside plain DECR in pipelines of
the same size, and the memory per order. Nothing is written to disk, so the disk's speed does not count.

Arguments:
  ROUNDS    how often to measure; the median counts (default: 5)
  CALLS     calls in each round (default: 1000)
  --valkey  measure the image of compose.yaml in a container, instead of redis-server

Example:
  npm run bench:store -- 3 500`

showHelp(HELP)
const given = process.argv.slice(2)
const [rounds = "5", calls = "1000"] = given.filter(argument => argument !== "--valkey")
const ROUNDS = argument("ROUNDS", rounds, 1000)
const CALLS = argument("CALLS", calls, 1_000_000)
const IMAGE = given.includes("--valkey") ? valkeyImage() : undefined
const FACTS_OF_CREATION = 2

await withStore(async wire => {
  const measurements: Measured[][] = []
  const bytesPerOrder: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const { measured, bytes } = await measure(wire)
    measurements.push(measured)
    bytesPerOrder.push(bytes)
  }
  report(measurements, bytesPerOrder)
}, IMAGE)

async function measure(wire: Wire): Promise<{ measured: Measured[]; bytes: number }> {
  const orders = CALLS * ATTEMPTS_PER_CALL
  await openSale(wire, orders)
  const before = await bytesOfSale(wire)
  const accepted = await measureCalls(wire, "accepted", attempts(CALLS), "Y", ATTEMPTS_PER_CALL)
  await drain(wire, orders + FACTS_OF_CREATION)
  const bytes = ((await bytesOfSale(wire)) - before) / orders
  const refused = await measureCalls(wire, "refused", attempts(CALLS), "s", ATTEMPTS_PER_CALL)
  const decrements = encode(["DECR", "stock"]).repeat(ATTEMPTS_PER_CALL)
  const pipelines = Array.from({ length: CALLS }, () => decrements)
  return { measured: [accepted, refused, await timedPipelines(wire, pipelines)], bytes }
}

async function timedPipelines(wire: Wire, pipelines: string[]): Promise<Measured> {
  const cpu = await processorSeconds(wire)
  const seconds = await wire.pipeline(pipelines, ATTEMPTS_PER_CALL)
  const spent = (await processorSeconds(wire)) - cpu
  const operations = pipelines.length * ATTEMPTS_PER_CALL
  return { what: "DECR", perSecond: operations / seconds, perCpuSecond: operations / spent }
}

function report(rounds: Measured[][], bytesPerOrder: number[]): void {
  const rows = rounds[0]!.map(({ what }, at) => ({
    what,
    perSecond: median(rounds.map(round => round[at]!.perSecond)),
    perCpuSecond: median(rounds.map(round => round[at]!.perCpuSecond)),
  }))
  console.log(`Attempts a second, ${ATTEMPTS_PER_CALL} a call, no fsync, median of ${ROUNDS} rounds\n`)
  console.log(`${"".padEnd(10)}${"by the clock".padStart(16)}${"per CPU second".padStart(18)}`)
  for (const { what, perSecond, perCpuSecond } of rows) {
    console.log(`${what.padEnd(10)}${whole(perSecond).padStart(16)}${whole(perCpuSecond).padStart(18)}`)
  }
  console.log(`\nMemory per confirmed order, drained: ${whole(median(bytesPerOrder))} bytes`)
  const results = join(import.meta.dir, "../results")
  mkdirSync(results, { recursive: true })
  const machine = describeMachine(tmpdir())
  writeFileSync(join(results, "store.json"), `${JSON.stringify({ machine, rounds, bytesPerOrder }, null, 2)}\n`)
}

function argument(name: string, text: string, max: number): number {
  const value = wholeGiven(text, 1, max)
  if (value !== undefined) return value
  console.error(`${name} must be a whole number from 1 to ${max}, not ${JSON.stringify(text)}.`)
  process.exit(1)
}
