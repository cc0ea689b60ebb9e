import { expect } from "bun:test"
import { InventoryFault } from "../../../src/core/ports/inventory.ts"
import { StackInventory } from "../../../src/stack/inventory.ts"
import { PostgresLedger } from "../../../src/stack/postgres/ledger.ts"
import { needs } from "../../support/needs.ts"
import { Cluster } from "../../support/postgres.ts"
import { POSTGRES, REDIS } from "../../support/programs.ts"
import { bookOf } from "../../support/stores/book.ts"
import { freePort } from "../../support/system.ts"
import { Floor } from "./worker-setup.ts"
import { memoryHotAround } from "./hot-kinds.ts"
import { MemoryHot } from "./memory-hot.ts"

const { afterAll, beforeAll, describe, test } = needs(REDIS, POSTGRES)

let cluster: Cluster

beforeAll(async () => {
  cluster = await Cluster.start()
}, 60_000)
afterAll(() => cluster[Symbol.asyncDispose]())

async function selling(hot = new MemoryHot()): Promise<Floor> {
  const floor = await Floor.open(cluster, { hot: memoryHotAround(hot) })
  floor.work()
  await floor.opened()
  await floor.shop.create({ opensAt: 0 })
  return floor
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
    await using floor = await selling()
    for (let nth = 0; nth < 8; nth++) {
      const order = await floor.shop.bought(`c-${nth}`, "k")
      expect((await floor.view.orders("drop", 0, 100)).at(-1)).toEqual(order)
      expect((await floor.view.facts("drop", 0, 100)).at(-1)).toMatchObject({ orderId: order.id, seq: nth + 3 })
      expect(await floor.view.order(order.id)).toEqual(order)
    }
    await floor.drained()
    expect(await floor.inventory.facts("drop", 0, 100)).toEqual([])
    const { facts, ...rest } = await bookOf(floor.shop)
    expect(facts).toEqual([])
    expect(await floor.view.orders("drop", 0, 100)).toEqual(rest.orders)
    expect(await floor.view.sales()).toEqual(await floor.inventory.sales())
  })

  test("a list waits for a ledger that is behind, and gives up with one sentence", async () => {
    await using floor = await selling()
    await floor.drained()
    await floor.stopWorkers()
    const order = await floor.shop.bought("ann", "k")
    const hasty = new StackInventory(floor.inventory, floor.ledger, 50)
    const fault = await faultOf(hasty.orders("drop", 0, 100))
    expect(fault).toMatchObject({
      message: "The ledger is behind: 1 of 3 facts; try again in a moment.",
      certain: true,
    })
    // One order is not a list: the store has it.
    expect(await hasty.order(order.id)).toEqual(order)
    const waiting = new StackInventory(floor.inventory, floor.ledger, 20_000).orders("drop", 0, 100)
    floor.work()
    expect(await waiting).toEqual([order])
  })

  test("orders that the store has lost are read from the ledger", async () => {
    await using floor = await selling()
    const order = await floor.shop.bought("ann", "k")
    await floor.drained()
    await floor.stopWorkers()
    await floor.hot.wipe()
    expect(await floor.view.order(order.id)).toEqual(order)
    expect(await floor.view.order("A9-ZZZZ")).toBeUndefined()
    expect(await floor.view.orders("drop", 0, 100)).toEqual([order])
  })

  test("when the ledger is away, lists fail with a fault that had no effect, and selling goes on", async () => {
    await using floor = await selling()
    const order = await floor.shop.bought("ann", "k")
    const away = new PostgresLedger({ url: cluster.urlAt(await freePort()) })
    const view = new StackInventory(floor.inventory, away)
    expect(await faultOf(view.facts("drop", 0, 1))).toMatchObject({
      message: "PostgreSQL cannot be reached: nothing listens there.",
      certain: true,
    })
    expect(await view.order(order.id)).toEqual(order)
    expect(await view.decide([floor.shop.attempt("bob", "k")])).toMatchObject([{ outcome: "confirmed" }])
    await view.decide([])
    await away[Symbol.asyncDispose]()
  })

  test("when the store is away, lists fail too, because they might be incomplete", async () => {
    const hot = new MemoryHot()
    await using floor = await selling(hot)
    hot.isAway = true
    expect(await faultOf(floor.view.orders("drop", 0, 1))).toMatchObject({ message: "The store is away." })
    hot.isAway = false
  })
})
