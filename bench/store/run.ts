import { mkdirSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { describeMachine } from "../machine.ts"
import { say } from "../progress.ts"
import { median, whole } from "../report/numbers.ts"
import { ATTEMPTS_PER_CALL, attempts, bytesOfSale, drain, openSale } from "./calls.ts"
import { type Measured, measureCalls, processorSeconds, withStore } from "./server.ts"
import { encode, type Wire } from "./wire.ts"

const FACTS_OF_CREATION = 2

interface Found {
  rounds: Measured[][]
  bytesPerOrder: number[]
}

interface StoreOptions {
  /** How often to measure; the median counts. */
  rounds?: number
  /** Calls in each round. */
  calls?: number
  /** Measured in a container, instead of redis-server. */
  image?: string
}

/** Measures the store alone, prints the medians and keeps the rounds in bench/results/store.json. */
export async function measureStore({ rounds = 5, calls = 1_000, image }: StoreOptions = {}): Promise<Found> {
  const found: Found = { rounds: [], bytesPerOrder: [] }
  await withStore(async wire => {
    for (let round = 0; round < rounds; round++) {
      const { measured, bytes } = await measure(wire, calls)
      found.rounds.push(measured)
      found.bytesPerOrder.push(bytes)
    }
  }, image)
  report(found)
  return found
}

async function measure(wire: Wire, calls: number): Promise<{ measured: Measured[]; bytes: number }> {
  const orders = calls * ATTEMPTS_PER_CALL
  await openSale(wire, orders)
  const before = await bytesOfSale(wire)
  const accepted = await measureCalls(wire, "accepted", attempts(calls), "Y", ATTEMPTS_PER_CALL)
  await drain(wire, orders + FACTS_OF_CREATION)
  const bytes = ((await bytesOfSale(wire)) - before) / orders
  const refused = await measureCalls(wire, "refused", attempts(calls), "s", ATTEMPTS_PER_CALL)
  const decrements = encode(["DECR", "stock"]).repeat(ATTEMPTS_PER_CALL)
  const pipelines = Array.from({ length: calls }, () => decrements)
  return { measured: [accepted, refused, await timedPipelines(wire, pipelines)], bytes }
}

async function timedPipelines(wire: Wire, pipelines: string[]): Promise<Measured> {
  const cpu = await processorSeconds(wire)
  const seconds = await wire.pipeline(pipelines, ATTEMPTS_PER_CALL)
  const spent = (await processorSeconds(wire)) - cpu
  const operations = pipelines.length * ATTEMPTS_PER_CALL
  return { what: "DECR", perSecond: operations / seconds, perCpuSecond: operations / spent }
}

function report({ rounds, bytesPerOrder }: Found): void {
  const rows = rounds[0]!.map(({ what }, at) => ({
    what,
    perSecond: median(rounds.map(round => round[at]!.perSecond)),
    perCpuSecond: median(rounds.map(round => round[at]!.perCpuSecond)),
  }))
  say(`Attempts a second, ${ATTEMPTS_PER_CALL} a call, no fsync, median of ${rounds.length} rounds\n`)
  say(`${"".padEnd(10)}${"by the clock".padStart(16)}${"per CPU second".padStart(18)}`)
  for (const { what, perSecond, perCpuSecond } of rows) {
    say(`${what.padEnd(10)}${whole(perSecond).padStart(16)}${whole(perCpuSecond).padStart(18)}`)
  }
  say(`\nMemory per confirmed order, drained: ${whole(median(bytesPerOrder))} bytes`)
  const results = fileURLToPath(new URL("../results", import.meta.url))
  mkdirSync(results, { recursive: true })
  const machine = describeMachine(tmpdir())
  writeFileSync(join(results, "store.json"), `${JSON.stringify({ machine, rounds, bytesPerOrder }, null, 2)}\n`)
}
