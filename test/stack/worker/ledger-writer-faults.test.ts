import { expect } from "bun:test"
import { effort } from "../../support/effort.ts"
import { eventually } from "../../support/eventually.ts"
import { needs } from "../../support/needs.ts"
import { Cluster } from "../../support/postgres.ts"
import type { Moment } from "../../support/postgres-proxy.ts"
import { POSTGRES, REDIS } from "../../support/programs.ts"
import { Buyers } from "./buyers.ts"
import { hotKinds, memoryHotAround } from "./hot-kinds.ts"
import { MemoryHot } from "./memory-hot.ts"
import { type SetupOptions, WorkerSetup } from "./worker-setup.ts"

const { afterAll, beforeAll, describe, test } = needs(REDIS, POSTGRES)

const MANY = 100_000
const TEST_MAX_MS = 60_000

const WRITTEN: Moment = { answered: /^INSERT/ }
/**
 * Every step of the drain at which the other side may disappear. A page is one statement; only after a failure does the
 * worker ask how far the ledger is.
 */
const MOMENTS: [string, Moment[]][] = [
  ["after the facts are read, before they are written", [{ sent: /write_page/ }]],
  ["after they are written, before the answer", [WRITTEN]],
  ["again before the cursors are read", [WRITTEN, { sent: /AS "saleId"/ }]],
  ["again before the sale is looked at", [WRITTEN, { sent: /FROM sales WHERE number/ }]],
  ["again before the next page", [WRITTEN, { sent: /write_page/ }]],
]

let cluster: Cluster

beforeAll(async () => {
  cluster = await Cluster.start()
}, TEST_MAX_MS)
afterAll(() => cluster[Symbol.asyncDispose]())

/** A setup at work, with a sale that does not end. */
async function selling(options?: SetupOptions): Promise<WorkerSetup> {
  const setup = await WorkerSetup.open(cluster, options)
  setup.startWorker()
  await setup.gatesOpened(0)
  await setup.shop.create({ opensAt: 0, total: MANY })
  return setup
}

/** Buyers come while it happens, and some time after it. */
async function throughout(setup: WorkerSetup, happening: () => Promise<void>): Promise<void> {
  const buyers = new Buyers(setup.shop)
  await happening()
  const before = buyers.bought
  await eventually("others buy after it", () => buyers.bought > before + 20)
  await buyers.stop()
  expect(buyers.answers.every(({ outcome }) => outcome === "confirmed")).toBe(true)
  await setup.expectAllThere()
  expect(await setup.ledger.orders("drop", 0, MANY)).toHaveLength(buyers.bought)
}

describe.each(effort(hotKinds(), hotKinds().slice(1)))("no fact is lost or doubled ($name)", kind => {
  afterAll(() => kind.end())

  test.each(MOMENTS)(
    "when the connection breaks %s",
    async (_, moments) => {
      await using setup = await selling({ kind })
      await throughout(setup, async () => {
        for (let time = 0; time < 3; time++) {
          for (const moment of moments) await setup.proxy.once(moment, () => "cut")
        }
      })
    },
    TEST_MAX_MS,
  )

  test.each(MOMENTS)(
    "when PostgreSQL is killed %s",
    async (_, moments) => {
      await using setup = await selling({ kind })
      await throughout(setup, async () => {
        for (const moment of moments.slice(0, -1)) await setup.proxy.once(moment, () => "cut")
        await setup.proxy.once(moments.at(-1) ?? WRITTEN, async () => {
          await cluster.kill()
          return "cut" as const
        })
        await cluster.start()
      })
    },
    TEST_MAX_MS,
  )

  test(
    "when a page is never answered",
    async () => {
      await using setup = await selling({ kind })
      await throughout(setup, () => setup.proxy.once({ answered: /^INSERT/ }, () => "hold"))
    },
    TEST_MAX_MS,
  )

  test(
    "when the worker stops and another takes over, again and again",
    async () => {
      await using setup = await selling({ kind })
      await throughout(setup, async () => {
        for (let time = 0; time < 5; time++) {
          setup.startWorker()
          await eventually("something is drained", async () => (await setup.head())!.ledgerSeq > time * 10)
          await setup.stopWorkers()
        }
        setup.startWorker()
      })
    },
    TEST_MAX_MS,
  )

  test(
    "when the ledger is away until the journal is full, selling stops, and goes on by itself once it is back",
    async () => {
      await using setup = await selling({ kind, journalFactsMax: 300 })
      await setup.ledgerCaughtUp()
      await cluster.stop()
      const buyers = new Buyers(setup.shop)
      await eventually("the journal is full", () => buyers.answers.at(-1)?.outcome === "overloaded")
      const head = (await setup.head())!
      expect(head.seq - head.ledgerSeq).toBe(300)
      const { bought } = buyers
      // No attempt exceeds the limit, and the log has a line for each reason, not one for each of 300 attempts.
      await eventually("it stays so", () => buyers.answers.length > bought + 300)
      expect(buyers.bought).toBe(bought)
      // PostgreSQL shuts down, ends connections, resets them and listens no more: each is a reason of its own.
      expect(setup.log.lines.filter(({ level }) => level >= 50).length).toBeLessThan(10)

      await cluster.start()
      await eventually("others buy again", () => buyers.bought > bought + 20)
      await buyers.stop()
      await setup.expectAllThere()
      expect(await setup.ledger.orders("drop", 0, MANY)).toHaveLength(buyers.bought)
      expect(setup.log.count("works again")).toBeGreaterThan(0)
    },
    TEST_MAX_MS,
  )
})

test(
  "no fact is lost or doubled when the store does not learn what the ledger has",
  async () => {
    const hot = new MemoryHot()
    await using setup = await selling({ hot: memoryHotAround(hot) })
    let failures = 0
    await throughout(setup, async () => {
      hot.beforeTrim = () => {
        if (++failures <= 5) throw new Error("The connection broke.")
      }
      await eventually("it failed five times", () => failures > 5)
    })
  },
  TEST_MAX_MS,
)
