import { expect } from "bun:test"
import { NO_TRACER } from "../../../src/observability/tracer.ts"
import { PostgresLedger } from "../../../src/stack/postgres/ledger.ts"
import type { RedisInventory } from "../../../src/stack/redis/inventory.ts"
import { SYSTEM } from "../../../src/stack/redis/protocol/keys.ts"
import { Worker } from "../../../src/stack/worker/worker.ts"
import { eventually } from "../../support/eventually.ts"
import { needs } from "../../support/needs.ts"
import { Cluster } from "../../support/postgres.ts"
import { POSTGRES, REDIS } from "../../support/programs.ts"
import { type HotKind, hotKinds, memoryHotAround, redisHot } from "./hot-kinds.ts"
import { MemoryHot } from "./memory-hot.ts"
import { WorkerSetup } from "./worker-setup.ts"

// The kind: parts of two systems that are put together by a wrong address, a copy or a backup. Each part remembers which system
// it belongs to, and whoever would write compares that first, at every start and at every step.

const { afterAll, beforeAll, describe, test } = needs(REDIS, POSTGRES)

const TEST_MAX_MS = 60_000
let cluster: Cluster

beforeAll(async () => {
  cluster = await Cluster.start()
}, TEST_MAX_MS)
afterAll(() => cluster[Symbol.asyncDispose]())

async function selling(kind: HotKind): Promise<WorkerSetup> {
  const setup = await WorkerSetup.open(cluster, { kind })
  setup.startWorker()
  await setup.gatesOpened(0)
  await setup.shop.create({ opensAt: 0 })
  for (const customer of ["ann", "bob", "eve"]) await setup.shop.bought(customer, "k")
  await setup.ledgerCaughtUp()
  return setup
}

/** A worker of the same store with a ledger that is not the store's. */
class Foreigner implements AsyncDisposable {
  private constructor(
    readonly ledger: PostgresLedger,
    private readonly worker: Worker,
  ) {}

  /** With `systemId`, its ledger has met another store already. */
  static async start(setup: WorkerSetup, systemId?: string): Promise<Foreigner> {
    const ledger = new PostgresLedger({ url: cluster.urlAt(cluster.port, await cluster.createDatabase()) })
    if (systemId !== undefined) await ledger.claim(systemId)
    const worker = new Worker({ inventory: setup.hot.connect(), ledger, tracer: NO_TRACER, log: setup.log.pino })
    worker.start()
    return new Foreigner(ledger, worker)
  }

  /** Expects that it does nothing, and says why. */
  async expectIdle(why: string): Promise<void> {
    const obstacle = await eventually(
      "it says why",
      () => this.worker.obstacle?.includes("INVENTORY_URL") && this.worker.obstacle,
    )
    expect(obstacle).toBe(`${why} This worker does nothing: see INVENTORY_URL and LEDGER_URL.`)
    const families = await this.worker.collectMetrics()
    const value = (name: string) => families.find(family => family.name === name)?.values[0]?.value
    expect(value("flash_sale_store_mismatch")).toBe(1)
    expect(value("flash_sale_worker_leads")).toBe(0)
    expect(value("flash_sale_ledger_lag_facts")).toBeUndefined()
    expect(await this.ledger.cursors()).toEqual([])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.worker[Symbol.asyncDispose]()
    await this.ledger[Symbol.asyncDispose]()
  }
}

/** Expects that the rightful worker still carries facts to the rightful ledger. */
async function expectSelling(setup: WorkerSetup, customer: string): Promise<void> {
  await setup.shop.bought(customer, "k")
  await setup.expectAllThere()
}

describe.each(hotKinds())("a store and its ledger ($name)", kind => {
  afterAll(() => kind.end())

  test(
    "given a worker with another, new ledger, it does nothing and says so, and the sale goes on",
    async () => {
      await using setup = await selling(kind)
      const systemId = await setup.ledger.systemId()
      expect(systemId).toBeDefined()
      expect(await setup.inventory.systemId()).toBe(systemId)
      await using foreigner = await Foreigner.start(setup)
      await foreigner.expectIdle(
        `The store belongs to system ${systemId!.slice(0, 8)}, and the ledger is another or has lost everything.`,
      )
      await expectSelling(setup, "dan")
    },
    TEST_MAX_MS,
  )

  test(
    "given a worker with another store's ledger, it does nothing and says so, and the sale goes on",
    async () => {
      await using setup = await selling(kind)
      const systemId = (await setup.ledger.systemId())!
      await using foreigner = await Foreigner.start(setup, "another-one")
      await foreigner.expectIdle(`The store belongs to system ${systemId.slice(0, 8)}, and the ledger to another-.`)
      await expectSelling(setup, "dan")
    },
    TEST_MAX_MS,
  )

  test(
    "given a store that lost everything, it gets its ledger's identity again and is rebuilt",
    async () => {
      await using setup = await selling(kind)
      const systemId = await setup.ledger.systemId()
      await setup.hot.wipe()
      await setup.gatesOpened(1)
      expect(await setup.inventory.systemId()).toBe(systemId)
      await expectSelling(setup, "dan")
    },
    TEST_MAX_MS,
  )
})

describe("a store of an earlier release, without an identity", () => {
  const kind = redisHot()
  afterAll(() => kind.end())

  async function sellingUnpaired(): Promise<WorkerSetup> {
    const setup = await selling(kind)
    await setup.stopWorkers()
    await (setup.inventory as RedisInventory).send(SYSTEM, "DEL", SYSTEM)
    return setup
  }

  test(
    "is paired with the ledger that has its facts",
    async () => {
      await using setup = await sellingUnpaired()
      setup.startWorker()
      await expectSelling(setup, "dan")
      expect(await setup.inventory.systemId()).toBe(await setup.ledger.systemId())
    },
    TEST_MAX_MS,
  )

  test(
    "is not paired with a ledger that lacks facts which the store has deleted",
    async () => {
      await using setup = await sellingUnpaired()
      await using foreigner = await Foreigner.start(setup)
      await foreigner.expectIdle("The store's facts of drop are in another ledger.")
      setup.startWorker()
      await expectSelling(setup, "dan")
    },
    TEST_MAX_MS,
  )
})

test(
  "given another system's store in the place of the one before, the leader stops leading",
  async () => {
    const hot = new MemoryHot()
    await using setup = await WorkerSetup.open(cluster, { hot: memoryHotAround(hot) })
    const worker = setup.startWorker()
    await setup.gatesOpened(0)
    await setup.shop.create({ opensAt: 0 })
    await setup.ledgerCaughtUp()
    const before = await setup.ledger.facts("drop", 0, 10)
    hot.belongTo("another-one")
    await setup.shop.bought("ann", "k")
    await eventually("it says so", () => worker.obstacle?.includes("another-"))
    expect(await setup.ledger.facts("drop", 0, 10)).toEqual(before)
  },
  TEST_MAX_MS,
)
