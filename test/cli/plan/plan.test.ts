import { expect, test } from "bun:test"
import { join } from "node:path"
import type { Costs } from "../../../src/cli/plan/costs.ts"
import { COSTS } from "../../../src/cli/plan/costs.ts"
import { type Launch, planFor } from "../../../src/cli/plan/plan.ts"
import { planSummary } from "../../../src/cli/plan/summary.ts"

const costs: Costs = {
  measured: { at: "2026-01-01T00:00:00Z", commit: "abc", cpu: "a processor", cores: 2 },
  floor: { accepted: { bun: 30 }, refused: { bun: 20 } },
  embedded: { accepted: { replica: 50, supervisor: 20 }, refused: { replica: 25 } },
  stack: {
    accepted: { nginx: 40, replica: 100, redis: 50, worker: 100, postgres: 20 },
    refused: { nginx: 20, replica: 50 },
  },
  store: { accepted: 8, refused: 2 },
  bytes: {
    request: 500,
    acceptedAnswer: 600,
    refusedAnswer: 400,
    page: 40_000,
    streamPerSecond: 1_000,
    storeTraffic: 300,
  },
  order: { valkey: 200, appendOnlyFile: 300, postgres: 500, sqlite: 400 },
  memoryMb: { replica: 100, supervisor: 200, worker: 100 },
  timesFloor: 3,
  p99Ms: { embedded: 5, stack: 10 },
}
const launch: Launch = { rate: 10_000, stock: 50_000, buyers: 100_000, viewers: 10_000, sales: 1 }
const plan = (change: Partial<Launch> = {}) => planFor({ ...launch, ...change }, costs)

test("given a rate below every ceiling, all of it is accepted and no ceiling is reached", () => {
  const { stack, orders } = plan()
  expect(orders).toBe(50_000)
  expect(stack).toMatchObject({ acceptedPerSecond: 10_000, sellingSeconds: 5, ledgerSeconds: 0, shards: 1 })
  expect(stack.ceilings.map(({ isReached }) => isReached)).toEqual([false, false, false])
})

test("cores are the processor time of each part at this rate, and each is planned half busy", () => {
  const { stack } = plan()
  expect(stack.selling).toEqual({ nginx: 0.4, replicas: 1, redis: 0.5, worker: 1, postgres: 0.2 })
  expect(stack.soldOut).toEqual({ nginx: 0.2, replicas: 0.5, redis: 0, worker: 0, postgres: 0 })
  // Two replicas, one core each of nginx, Valkey, worker and PostgreSQL.
  expect(stack).toMatchObject({ replicas: 2, cores: 6 })
})

test("given more attempts than one core of Valkey decides, a sale accepts no more, and the ceiling is named first", () => {
  const { stack, queued } = plan({ rate: 1_000_000 })
  expect(stack.acceptedPerSecond).toBe(20_000)
  const [first, second] = stack.ceilings
  expect([first?.name, second?.name]).toEqual(["the worker's one core", "one core of Valkey for each sale"])
  expect(stack.ceilings.map(({ isReached }) => isReached)).toEqual([true, true, false])
  expect(stack.soldOut.replicas).toBe(50)
  expect(queued).toMatchObject({ rate: 20_000 })
  expect(queued.cores).toBeLessThan(stack.cores)
})

test("given several sales, each has a shard and a ceiling of its own", () => {
  expect(plan({ rate: 100_000, sales: 4 }).stack).toMatchObject({ acceptedPerSecond: 80_000, shards: 4 })
})

test("given more orders than may wait for the ledger, the rest sells at the ledger's pace", () => {
  // 20,000 a second are sold and 10,000 written, until 200,000 wait after 20 seconds; the other 600,000 take a minute.
  const { stack } = plan({ rate: 20_000, stock: 1_000_000, buyers: 2_000_000 })
  expect(stack).toMatchObject({ sellingSeconds: 80, ledgerSeconds: 20 })
})

test("given more units than buyers, only the buyers' orders are counted", () => {
  expect(plan({ stock: 1_000_000, buyers: 1_000 }).orders).toBe(1_000)
})

test("given no stock, everybody is refused and nothing is sold", () => {
  const { stack, embedded } = plan({ stock: 0 })
  expect(stack).toMatchObject({ acceptedPerSecond: 0, sellingSeconds: 0, ledgerSeconds: 0 })
  expect(embedded.acceptedPerSecond).toBe(0)
})

test("network and disk follow from bytes", () => {
  const { network, stack, embedded } = plan()
  expect(network).toMatchObject({ inGbits: 0.04, outGbits: 0.048, streamsGbits: 0.08, pagesGigabytes: 4 })
  expect(stack.gigabytes).toMatchObject({ valkey: 0.02, appendOnlyFile: 0.015, postgres: 0.025 })
  expect(embedded.gigabytes.sqlite).toBe(0.02)
})

test("the costs that come with the program give a plan without a gap", () => {
  const summary = planSummary(planFor({ ...launch, rate: 1_000_000 }, COSTS), COSTS).join("\n")
  expect(summary).toContain("1,000,000 attempts a second")
  expect(summary).not.toMatch(/NaN|undefined|Infinity/)
})

const MAIN = join(import.meta.dir, "../../../src/main.ts")
const run = (...args: string[]) => Bun.spawnSync([process.execPath, MAIN, "plan", ...args])

test("given --json, the command prints the same plan for programs, with the costs that it used", () => {
  const { stdout, exitCode } = run("--rate", "20000", "--stock", "500", "--buyers", "9000", "--json")
  const asked = { rate: 20_000, stock: 500, buyers: 9_000, viewers: 900, sales: 1 }
  expect(exitCode).toBe(0)
  expect(JSON.parse(stdout.toString())).toEqual({ ...planFor(asked, COSTS), costs: COSTS })
})

test.each([
  [["--rate", "many", "--stock", "1", "--buyers", "1"], /'--rate <n>' argument 'many' is invalid. Give a whole number/],
  [["--rate", "1", "--stock", "-1", "--buyers", "1"], /'--stock <n>' argument '-1' is invalid. Give a whole number/],
  [["--rate", "1", "--stock", "1"], /required option '--buyers <n>' not specified/],
])("given %j, the command says in one sentence what is wrong", (args, sentence) => {
  const { stderr, stdout, exitCode } = run(...args)
  expect(exitCode).toBe(1)
  expect(stdout.toString()).toBe("")
  expect(stderr.toString().split("\n")[0]).toMatch(sentence)
})
