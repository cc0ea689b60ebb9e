import { expect } from "bun:test"
import { SaleCache } from "../../../src/http/purchase/sale-cache.ts"
import { eventually } from "../../support/eventually.ts"
import { needs } from "../../support/needs.ts"
import { REDIS } from "../../support/programs.ts"
import { RedisServer } from "../../support/redis.ts"
import { RedisProxy } from "../../support/redis-proxy.ts"
import { OPENS } from "../../support/stores/shop.ts"
import { openShop } from "./shops.ts"

const { afterAll, beforeEach, describe, shared, test } = needs(REDIS)

const server = await shared(() => RedisServer.start())
beforeEach(() => server.wipe())
afterAll(() => server.stop())

/** As in production. */
const leaseMs = 250

describe("refusals from memory on another replica", () => {
  /** A sold-out replica that gets no more replies, and one that works. */
  async function twoReplicas(proxy: RedisProxy) {
    const far = await openShop({ url: proxy.url, leaseMs })
    const near = await openShop({ url: server.url, leaseMs })
    await near.create({ total: 1 })
    await near.bought("ann", "k1")
    const board = new SaleCache(far.inventory)
    board.start()
    const stranger = far.attempt("eve", "k1")
    const refuses = () => board.refuse(stranger, OPENS + 60_000) !== undefined
    await eventually("the far replica refuses from memory", refuses)
    expect(board.refuse(far.attempt("ann", "k1"), OPENS + 60_000)).toBeUndefined()
    const close = () => Promise.all([far.inventory[Symbol.asyncDispose](), near.inventory[Symbol.asyncDispose]()])
    return { near, refuses, board, close }
  }

  test("continue while the store confirms them, and end without it", async () => {
    await using proxy = await RedisProxy.start(server.port)
    const { refuses, close } = await twoReplicas(proxy)
    const until = performance.now() + 3 * leaseMs
    while (performance.now() < until) {
      if (!refuses()) await eventually("a refusal goes on after a slow look", refuses)
      await Bun.sleep(20)
    }
    proxy.onReply = () => ""
    const silent = performance.now()
    await eventually("the replica refuses no customer from memory", () => !refuses())
    expect(performance.now() - silent).toBeLessThan(leaseMs + 1000)
    await close()
  })

  test("end before a restock is answered, and before a purchase from it is answered", async () => {
    await using proxy = await RedisProxy.start(server.port)
    for (let round = 0; round < 5; round++) {
      await server.wipe()
      proxy.onReply = text => text
      const { near, refuses, close } = await twoReplicas(proxy)
      // From here on the far replica gets no reply.
      proxy.onReply = () => ""
      const restock = near.decide({ kind: "restock", saleId: "drop", sku: "shoe", units: 1 })
      const bought = near.reserve("eve", "k1")
      const told = await Promise.race([
        restock.then(({ outcome }) => [outcome, refuses()]),
        bought.then(({ outcome }) => [outcome, refuses()]),
      ])
      expect(told[1]).toBe(false)
      expect([(await restock).outcome, (await bought).outcome]).toEqual(["done", "confirmed"])
      expect(refuses()).toBe(false)
      await close()
    }
  })

  test("end immediately when the gate closes", async () => {
    await using proxy = await RedisProxy.start(server.port)
    const { near, refuses, board, close } = await twoReplicas(proxy)
    await server.restart()
    await eventually("the replica refuses no customer from memory", () => !refuses())
    expect(board.sale("drop")).toMatchObject({ seq: 3 })
    expect((await near.inventory.heads().catch(() => ({ isOpen: false }))).isOpen).toBe(false)
    await close()
  })

  test("reach attempts before the opening and at sales that do not exist, until the store may answer otherwise", async () => {
    await using proxy = await RedisProxy.start(server.port)
    const far = await openShop({ url: proxy.url, leaseMs })
    const near = await openShop({ url: server.url, leaseMs })
    for (const shop of [far, near]) shop.at(-60_000)
    await near.create()
    const board = new SaleCache(far.inventory)
    board.start()
    const [early, unknown] = [far.attempt("eve", "k1"), far.attempt("eve", "k1", { sale: "new" })]
    // This replica's own clock is wrong by an hour either way.
    const outcomes = () =>
      [-3_600_000, 3_600_000].flatMap(wrong =>
        [early, unknown].map(attempt => board.refuse(attempt, OPENS + wrong)?.outcome),
      )
    const refused = ["sale_not_open", "sale_unknown", "sale_not_open", "sale_unknown"]
    await eventually("the far replica refuses both", () => Bun.deepEquals(outcomes(), refused))
    expect(board.refuse(early, OPENS)).toEqual(await near.decide(early))
    // From here on the far replica gets no reply.
    proxy.onReply = () => ""
    await near.create({ id: "new" })
    expect(board.refuse(unknown, OPENS)).toBeUndefined()
    proxy.onReply = text => text
    await eventually("the far replica refuses again", () => board.refuse(early, OPENS) !== undefined)
    proxy.onReply = () => ""
    await near.decide({ kind: "amend", saleId: "drop", terms: { opensAt: OPENS - 90_000 } })
    expect(board.refuse(early, OPENS)).toBeUndefined()
    await Promise.all([far.inventory[Symbol.asyncDispose](), near.inventory[Symbol.asyncDispose]()])
  })
})
