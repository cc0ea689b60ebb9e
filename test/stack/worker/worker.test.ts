import { expect } from "bun:test"
import { demoSale } from "../../../src/config/demo-sale.ts"
import { prometheusText } from "../../../src/observability/metric-family.ts"
import type { Worker } from "../../../src/stack/worker/worker.ts"
import { eventually } from "../../support/eventually.ts"
import { needs } from "../../support/needs.ts"
import { Cluster } from "../../support/postgres.ts"
import { POSTGRES, REDIS } from "../../support/programs.ts"
import { memoryHotAround } from "./hot-kinds.ts"
import { MemoryHot } from "./memory-hot.ts"
import { WorkerSetup } from "./worker-setup.ts"

const { afterAll, beforeAll, describe, test } = needs(REDIS, POSTGRES)

let cluster: Cluster

beforeAll(async () => {
  cluster = await Cluster.start()
}, 60_000)
afterAll(() => cluster[Symbol.asyncDispose]())

/** The values that have this name, by their labels. */
async function read(worker: Worker, name: string): Promise<Record<string, number>> {
  const lines = prometheusText(await worker.collectMetrics()).split("\n")
  const found = lines.filter(line => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
  return Object.fromEntries(
    found.map(line => {
      const at = line.lastIndexOf(" ")
      return [line.slice(name.length, at), Number(line.slice(at + 1))]
    }),
  )
}

describe("a worker", () => {
  test("creates the first sale once, in a store and a ledger that are both empty", async () => {
    await using setup = await WorkerSetup.open(cluster)
    setup.startWorker(demoSale(Date.now()))
    await eventually("there is a sale", async () => (await setup.inventory.sales()).length === 1)
    await setup.ledgerCaughtUp("iphone-17-pro-max")
    await setup.hot.wipe()
    setup.startWorker(demoSale(Date.now()))
    await eventually("it is back", async () => (await setup.inventory.sales()).length === 1)
    await setup.gatesOpened()
    expect(await setup.ledger.facts("iphone-17-pro-max", 0, 10)).toHaveLength(2)
  })

  test("releases holds whose time is up while nobody buys", async () => {
    await using setup = await WorkerSetup.open(cluster)
    setup.startWorker()
    await setup.gatesOpened()
    await setup.shop.create({ opensAt: 0, holdSeconds: 1 })
    const { id } = await setup.shop.bought("ann", "k")
    await eventually("it has expired", async () => (await setup.inventory.order(id))?.releaseReason === "expired")
    await setup.expectAllThere()
  })

  test("exports the metrics of the store and the ledger", async () => {
    const hot = new MemoryHot()
    await using setup = await WorkerSetup.open(cluster, { hot: memoryHotAround(hot) })
    const worker = setup.startWorker()
    await setup.gatesOpened()
    await setup.shop.create({ opensAt: 0, total: 5 })
    await setup.shop.bought("ann", "k")
    await setup.ledgerCaughtUp()
    expect(await read(worker, "flash_sale_gate_open")).toEqual({ "": 1, '{sale="drop"}': 1 })
    expect(await read(worker, "flash_sale_ledger_lag_facts")).toEqual({ '{sale="drop"}': 0 })
    expect(await read(worker, "flash_sale_ledger_lag_seconds")).toEqual({ '{sale="drop"}': 0 })
    expect(await read(worker, "flash_sale_conservation_violations_total")).toEqual({ "": 0 })
    expect(await read(worker, "flash_sale_worker_leads")).toEqual({ "": 1 })
    expect(await read(worker, "flash_sale_ledger_conflict")).toEqual({})
    expect(await read(worker, "flash_sale_units_total")).toEqual({ '{sale="drop",sku="shoe"}': 5 })
    expect(Object.values(await read(worker, "flash_sale_units"))).toEqual([4, 0, 1])

    const follower = setup.startWorker()
    await eventually("it has looked", () => follower.obstacle === undefined)
    expect(await read(follower, "flash_sale_worker_leads")).toEqual({ "": 0 })
    expect(await read(follower, "flash_sale_gate_open")).toEqual({ "": 1, '{sale="drop"}': 1 })

    await setup.stopWorkers()
    await setup.shop.bought("bob", "k")
    expect(await read(worker, "flash_sale_ledger_lag_facts")).toEqual({ '{sale="drop"}': 1 })
    const lag = async () => Object.values(await read(worker, "flash_sale_ledger_lag_seconds"))[0] ?? 0
    await eventually("the lag in seconds grows", async () => (await lag()) > 0.01)
    await setup.hot.restart()
    expect(await read(worker, "flash_sale_gate_open")).toEqual({ "": 0, '{sale="drop"}': 0 })
    hot.isAway = true
    expect(await read(worker, "flash_sale_gate_open")).toEqual({ "": 0 })
    expect(await read(worker, "flash_sale_ledger_lag_facts")).toEqual({})
  })

  test("says why its work fails, until it succeeds again", async () => {
    const hot = new MemoryHot()
    await using setup = await WorkerSetup.open(cluster, { hot: memoryHotAround(hot) })
    const worker = setup.startWorker()
    await setup.gatesOpened()
    expect(worker.obstacle).toBeUndefined()
    hot.isAway = true
    await eventually("it is told", () => worker.obstacle === "The store is away.")
    hot.isAway = false
    await eventually("it is over", () => worker.obstacle === undefined)
    setup.proxy.cutAll(true)
    await eventually("it is told", () => worker.obstacle?.startsWith("PostgreSQL cannot be reached"))
  })

  test("pauses a sale whose facts do not add up, counts it, and keeps the record", async () => {
    const hot = new MemoryHot()
    await using setup = await WorkerSetup.open(cluster, { hot: memoryHotAround(hot) })
    const worker = setup.startWorker()
    await setup.gatesOpened()
    await setup.shop.create({ opensAt: 0 })
    await setup.shop.create({ id: "other", opensAt: 0 })
    await setup.ledgerCaughtUp()
    await hot.loseUnit("drop")
    await setup.shop.bought("ann", "k")
    await eventually("it is paused", async () => (await setup.shop.sale()).standing === "paused")
    await setup.ledgerCaughtUp()
    expect(await read(worker, "flash_sale_conservation_violations_total")).toEqual({ "": 1 })
    expect(setup.log.count("a fact does not add up; pausing the sale")).toBe(1)
    expect((await setup.shop.sale("other")).standing).toBe("active")
    expect(await setup.ledger.facts("drop", 0, 10)).toHaveLength(4)
  })
})

test("holds expire while the ledger is away", async () => {
  await using setup = await WorkerSetup.open(cluster)
  setup.startWorker()
  await setup.gatesOpened(0)
  await setup.shop.create({ opensAt: 0, holdSeconds: 1 })
  setup.proxy.cutAll(true)
  const { id } = await setup.shop.bought("ann", "k")
  await eventually("it has expired", async () => (await setup.inventory.order(id))?.releaseReason === "expired")
})

test("while a sale is rebuilt, a late writer cannot add facts to the ledger", async () => {
  const hot = new MemoryHot()
  await using setup = await WorkerSetup.open(cluster, { hot: memoryHotAround(hot) })
  setup.startWorker()
  await setup.gatesOpened(0)
  await setup.shop.create({ opensAt: 0 })
  await setup.ledgerCaughtUp()
  await setup.stopWorkers()
  const { epoch } = (await setup.head())!
  // A worker that was frozen has this one in its hands, and wakes at the worst moment.
  await setup.shop.bought("ann", "k")
  const late = await setup.inventory.facts("drop", 2, 1)
  let told: string | undefined
  hot.beforeRebuild = async () => {
    const append = setup.ledger.append({ id: "drop", number: 1 }, epoch, late)
    told = await append.then(
      () => "taken",
      ({ kind }) => kind,
    )
  }
  hot.wipe()
  setup.startWorker()
  await setup.gatesOpened(1)
  expect(told).toBe("fenced")
  await setup.expectAllThere()
})
