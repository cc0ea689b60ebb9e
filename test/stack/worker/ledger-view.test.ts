import { expect } from "bun:test"
import { InventoryFault } from "../../../src/core/ports/inventory.ts"
import { StackInventory } from "../../../src/stack/inventory.ts"
import { PostgresLedger } from "../../../src/stack/postgres/ledger.ts"
import { needs } from "../../support/needs.ts"
import { Cluster } from "../../support/postgres.ts"
import { POSTGRES, REDIS } from "../../support/programs.ts"
import { bookOf } from "../../support/stores/book.ts"
import { freePort } from "../../support/system.ts"
import { memoryHotAround } from "./hot-kinds.ts"
import { MemoryHot } from "./memory-hot.ts"
import { WorkerSetup } from "./worker-setup.ts"

const { afterAll, beforeAll, describe, test } = needs(REDIS, POSTGRES)

let cluster: Cluster

beforeAll(async () => {
  cluster = await Cluster.start()
}, 60_000)
afterAll(() => cluster[Symbol.asyncDispose]())

async function selling(hot = new MemoryHot()): Promise<WorkerSetup> {
  const setup = await WorkerSetup.open(cluster, { hot: memoryHotAround(hot) })
  setup.startWorker()
  await setup.gatesOpened()
  await setup.shop.create({ opensAt: 0 })
  return setup
}

async function faultOf(work: Promise<unknown>): Promise<InventoryFault> {
  const fault = await work.then(
    () => undefined,
    error => error,
  )
  expect(fault).toBeInstanceOf(InventoryFault)
  return fault
}

describe("the inventory of a replica", () => {
  test("lists contain every order bought before the request, even after the store has trimmed its facts", async () => {
    await using setup = await selling()
    for (let nth = 0; nth < 8; nth++) {
      const order = await setup.shop.bought(`c-${nth}`, "k")
      expect((await setup.view.orders("drop", 0, 100)).at(-1)).toEqual(order)
      expect((await setup.view.facts("drop", 0, 100)).at(-1)).toMatchObject({ orderId: order.id, seq: nth + 3 })
      expect(await setup.view.order(order.id)).toEqual(order)
    }
    await setup.ledgerCaughtUp()
    expect(await setup.inventory.facts("drop", 0, 100)).toEqual([])
    const { facts, ...rest } = await bookOf(setup.shop)
    expect(facts).toEqual([])
    expect(await setup.view.orders("drop", 0, 100)).toEqual(rest.orders)
    expect(await setup.view.sales()).toEqual(await setup.inventory.sales())
  })

  test("a list waits for a ledger that is behind, and gives up with one sentence", async () => {
    await using setup = await selling()
    await setup.ledgerCaughtUp()
    await setup.stopWorkers()
    const order = await setup.shop.bought("ann", "k")
    const hasty = new StackInventory(setup.inventory, setup.ledger, 50)
    const fault = await faultOf(hasty.orders("drop", 0, 100))
    expect(fault).toMatchObject({
      message: "The ledger is behind: 1 of 3 facts; try again in a moment.",
      certain: true,
    })
    // One order is not a list: the store has it.
    expect(await hasty.order(order.id)).toEqual(order)
    const waiting = new StackInventory(setup.inventory, setup.ledger, 20_000).orders("drop", 0, 100)
    setup.startWorker()
    expect(await waiting).toEqual([order])
  })

  test("orders that the store has lost are read from the ledger", async () => {
    await using setup = await selling()
    const order = await setup.shop.bought("ann", "k")
    await setup.ledgerCaughtUp()
    await setup.stopWorkers()
    await setup.hot.wipe()
    expect(await setup.view.order(order.id)).toEqual(order)
    expect(await setup.view.order("A9-ZZZZ")).toBeUndefined()
    expect(await setup.view.orders("drop", 0, 100)).toEqual([order])
  })

  test("when the ledger is away, lists fail with a fault that had no effect, and selling goes on", async () => {
    await using setup = await selling()
    const order = await setup.shop.bought("ann", "k")
    const away = new PostgresLedger({ url: cluster.urlAt(await freePort()) })
    const view = new StackInventory(setup.inventory, away)
    expect(await faultOf(view.facts("drop", 0, 1))).toMatchObject({
      message: "PostgreSQL cannot be reached: nothing listens there.",
      certain: true,
    })
    expect(await view.order(order.id)).toEqual(order)
    expect(await view.decide([setup.shop.attempt("bob", "k")])).toMatchObject([{ outcome: "confirmed" }])
    await view.decide([])
    await away[Symbol.asyncDispose]()
  })

  test("when the store is away, lists fail too, because they might be incomplete", async () => {
    const hot = new MemoryHot()
    await using setup = await selling(hot)
    hot.isAway = true
    expect(await faultOf(setup.view.orders("drop", 0, 1))).toMatchObject({ message: "The store is away." })
    hot.isAway = false
  })
})
