import { expect } from "bun:test"
import { SaleCache } from "../../../src/http/purchase/sale-cache.ts"
import { eventually } from "../../support/eventually.ts"
import { needs } from "../../support/needs.ts"
import { REDIS } from "../../support/programs.ts"
import { RedisServer } from "../../support/redis.ts"
import { OPENS } from "../../support/stores/shop.ts"
import { openShop } from "./shops.ts"

/*
 * The kind: work that a process does again and again although nothing happens. The store counts every command that it gets, so
 * a rest is measured exactly.
 */
const { afterAll, beforeEach, describe, shared, test } = needs(REDIS)

const server = await shared(() => RedisServer.start())
beforeEach(() => server.wipe())
afterAll(() => server.stop())

const SALES = 40
/** The pings of the two sockets, and one read. */
const COMMANDS_PER_SECOND = 3

/** The commands of clients so far, without those that functions call. */
async function commands(): Promise<number> {
  const text = String(await server.command("INFO", "commandstats"))
  const counted = [...text.matchAll(/^cmdstat_(fcall_ro|fcall|ping|get|time):calls=(\d+)/gm)]
  return counted.reduce((sum, [, , calls]) => sum + Number(calls), 0)
}

describe("given sales, of which some are quiet, and nobody who buys", () => {
  async function twoReplicas() {
    const near = await openShop({ url: server.url, leaseMs: 250 })
    const far = await openShop({ url: server.url, leaseMs: 250 })
    await Promise.all(Array.from({ length: SALES }, (_, at) => near.create({ id: `sale-${at}`, total: at % 2 })))
    const boards = [near, far].map(({ inventory }) => new SaleCache(inventory))
    for (const board of boards) board.start()
    await eventually("both know all sales", () => boards.every(board => board.sales().length === SALES))
    const close = () => Promise.all([near, far].map(({ inventory }) => inventory[Symbol.asyncDispose]()))
    return { near, far, boards, close }
  }

  /** Resolves once the store has got no more than a few commands from each process, for some seconds. */
  async function resting(processes: number): Promise<void> {
    let before = await commands()
    let began = performance.now()
    await eventually("the processes rest", async () => {
      const seconds = (performance.now() - began) / 1000
      if (seconds < 2) return false
      const now = await commands()
      const isResting = now - before <= processes * COMMANDS_PER_SECOND * (seconds + 1)
      before = now
      began = performance.now()
      return isResting
    })
  }

  test("the store gets a few commands a second from each process, however many sales there are", async () => {
    const { near, boards, close } = await twoReplicas()
    await resting(boards.length)
    // Whoever is refused from memory ends the rest, and it returns.
    const attempt = near.attempt("eve", "k1", { sale: "sale-0" })
    await eventually("a refusal comes from memory", () => boards[0]?.refuse(attempt, OPENS + 60_000) !== undefined)
    await resting(boards.length)
    await close()
  })

  test("a change is heard, and of one sale only that sale is read", async () => {
    const { near, far, boards, close } = await twoReplicas()
    const [, board] = boards
    await resting(boards.length)
    const before = await commands()
    await near.decide({ kind: "restock", saleId: "sale-1", sku: "shoe", units: 1 })
    await eventually("the other hears", () => board?.sale("sale-1")?.items[0]?.total === 2)
    expect((await commands()) - before).toBeLessThan(SALES)
    expect((await far.inventory.sales()).find(({ id }) => id === "sale-1")?.items[0]?.total).toBe(2)
    await close()
  })
})

test("given a user who may not be told of changes, the store is asked for them again and again", async () => {
  await server.command("ACL", "SETUSER", "deaf", "on", "nopass", "~*", "+@all", "-client|tracking")
  const far = await openShop({ url: `redis://deaf:x@127.0.0.1:${server.port}` })
  const near = await openShop({ url: server.url })
  const board = new SaleCache(far.inventory)
  board.start()
  await near.create({ total: 1 })
  await eventually("it hears of the creation", () => board.sale("drop"))
  await near.decide({ kind: "restock", saleId: "drop", sku: "shoe", units: 1 })
  await eventually("it hears of the restock", () => board.sale("drop")?.items[0]?.total === 2)
  await Promise.all([near, far].map(({ inventory }) => inventory[Symbol.asyncDispose]()))
})
