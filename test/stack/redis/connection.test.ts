import { expect } from "bun:test"
import { InventoryFault } from "../../../src/core/ports/inventory.ts"
import { RedisInventory } from "../../../src/stack/redis/inventory.ts"
import { eventually } from "../../support/eventually.ts"
import { needs } from "../../support/needs.ts"
import { REDIS } from "../../support/programs.ts"
import { RedisServer } from "../../support/redis.ts"
import { CUT, RedisProxy } from "../../support/redis-proxy.ts"
import { expectAudited } from "../../support/stores/evidence.ts"
import { openShop } from "./shops.ts"

const { afterAll, beforeEach, describe, shared, test } = needs(REDIS)

const server = await shared(() => RedisServer.start())
beforeEach(() => server.wipe())
afterAll(() => server.stop())

async function faultOf(promise: Promise<unknown>): Promise<InventoryFault> {
  const fault = await promise.catch((error: unknown) => error)
  expect(fault).toBeInstanceOf(InventoryFault)
  return fault as InventoryFault
}

describe("a connection", () => {
  test("that breaks after a call makes all open calls unknown, and no call is repeated", async () => {
    await using proxy = await RedisProxy.start(server.port)
    const shop = await openShop({ url: proxy.url })
    await shop.create({ total: 20 })
    let calls = 0
    proxy.onRequest = text => {
      calls += text.split("reserve_v").length - 1
      return text
    }
    // The store decides, and its answer is lost.
    proxy.onReply = text => (calls > 0 ? CUT : text)
    const underWay = Array.from({ length: 8 }, (_, at) => shop.reserve(`cust-${at}`, "k"))
    for (const call of underWay) expect((await faultOf(call)).certain).toBe(false)
    proxy.onReply = text => text
    await eventually("it is connected again", () => shop.inventory.fault === undefined)
    expect(calls).toBe(8)
    const [sale] = await shop.inventory.sales()
    expect(sale!.items[0]!.sold).toBeGreaterThan(0)
    const retried = await Promise.all(underWay.map((_, at) => shop.reserve(`cust-${at}`, "k")))
    expect(retried.map(({ outcome }) => outcome)).toEqual(underWay.map(() => "confirmed"))
    expect(retried.some(({ replayed }) => replayed)).toBe(true)
    expect(await shop.orders()).toHaveLength(8)
    await expectAudited(shop.inventory, shop.now)
    await shop.inventory[Symbol.asyncDispose]()
  })

  test("that does not exist fails calls immediately as certain, and reconnects", async () => {
    await using proxy = await RedisProxy.start(server.port)
    const shop = await openShop({ url: proxy.url })
    await shop.create({ total: 20 })
    proxy.onRequest = () => CUT
    proxy.cutAll()
    await eventually("the connection is known to be gone", () => shop.inventory.fault)
    const began = performance.now()
    const fault = await faultOf(shop.reserve("ann", "k"))
    expect([fault.certain, performance.now() - began < 1000]).toEqual([true, true])
    expect(fault.message).toMatch(/^The store .*\.$/)
    proxy.onRequest = text => text
    await eventually("it is connected again", () => shop.inventory.fault === undefined)
    expect(await shop.reserve("ann", "k")).toMatchObject({ outcome: "confirmed", seq: 3 })
    await shop.inventory[Symbol.asyncDispose]()
  })

  test("whose replies are out of order is closed, and its calls fail", async () => {
    await using proxy = await RedisProxy.start(server.port)
    const shop = await openShop({ url: proxy.url })
    await shop.create({ total: 20 })
    let altered = false
    // The answer carries the number of another call.
    proxy.onReply = text => {
      if (altered || !/\$2\r\nok/.test(text)) return text
      altered = true
      return text.replace(/\$(\d+)\r\n(\d+)\r\n/, (_, length, nonce) => `$${length}\r\n${other(nonce)}\r\n`)
    }
    const fault = await faultOf(shop.reserve("ann", "k"))
    expect([fault.certain, fault.message]).toEqual([false, "The store's replies are out of step."])
    await eventually("it is connected again", () => shop.inventory.fault === undefined)
    // A connection has two sockets.
    expect(proxy.connections).toBe(4)
    expect(await shop.reserve("ann", "k")).toMatchObject({ outcome: "confirmed", replayed: true })
    await shop.inventory[Symbol.asyncDispose]()
  })

  test("that gets no reply is closed, and its open calls are unknown", async () => {
    const shop = await openShop({ url: server.url })
    await shop.create({ total: 20 })
    await server.pause()
    const fault = await faultOf(shop.reserve("ann", "k"))
    expect(fault.certain).toBe(false)
    await server.resume()
    await eventually("it is connected again", () => shop.inventory.fault === undefined)
    expect(await shop.reserve("ann", "k")).toMatchObject({ outcome: "confirmed" })
    expect(await shop.orders()).toHaveLength(1)
    await shop.inventory[Symbol.asyncDispose]()
  })

  test("on which only a call gets no reply is closed, and the call is unknown", async () => {
    await using proxy = await RedisProxy.start(server.port)
    const shop = await openShop({ url: proxy.url })
    await shop.create({ total: 20 })
    let isLost = false
    proxy.onReply = text => {
      if (isLost || !/\$2\r\nok/.test(text)) return text
      isLost = true
      return ""
    }
    const fault = await faultOf(shop.reserve("ann", "k"))
    expect([fault.certain, isLost]).toEqual([false, true])
    await eventually("it is connected again", () => shop.inventory.fault === undefined)
    expect(await shop.reserve("ann", "k")).toMatchObject({ outcome: "confirmed", replayed: true })
    await shop.inventory[Symbol.asyncDispose]()
  })

  test("to a store without functions loads them again and repeats the call once", async () => {
    const shop = await openShop({ url: server.url })
    await shop.create({ total: 20 })
    await server.command("FUNCTION", "FLUSH")
    // The functions that are loaded again do not remember that the gate was open.
    expect(await shop.reserve("ann", "k")).toEqual({ outcome: "reconciling" })
    await shop.inventory[Symbol.asyncDispose]()
  })

  test("to a Redis that is too old is refused", async () => {
    await using proxy = await RedisProxy.start(server.port)
    proxy.onReply = text => text.replace("redis_version:7.", "redis_version:6.")
    const inventory = new RedisInventory({ url: proxy.url })
    inventory.start()
    const sentence = await eventually("it says so", () => inventory.fault?.includes("Redis 6.") && inventory.fault)
    expect(sentence).toMatch(/^The store is Redis 6\.\S+, but Redis 7\.0 or later, or Valkey, is needed\.$/)
    await inventory[Symbol.asyncDispose]()
  })

  test("reports calls that certainly had no effect", async () => {
    const shop = await openShop({ url: server.url })
    await shop.create({ total: 20, holdSeconds: 60 })
    const order = await shop.bought("ann", "k")
    await server.command("CONFIG", "SET", "maxmemory", "1")
    const full = await faultOf(shop.reserve("bob", "k"))
    expect([full.certain, full.message]).toEqual([true, "The store's memory is full: raise maxmemory in redis.conf."])
    // Commands that free a unit still work.
    expect(await shop.cancel(order.id)).toMatchObject({ outcome: "released" })
    await server.command("CONFIG", "SET", "maxmemory", "0")
    expect(await shop.reserve("bob", "k")).toMatchObject({ outcome: "held" })
    await server.command("CONFIG", "SET", "min-replicas-to-write", "1")
    const alone = await faultOf(shop.reserve("eve", "k"))
    expect([alone.certain, alone.message]).toEqual([
      true,
      "Too few replicas of the store are connected (min-replicas-to-write).",
    ])
    await server.command("CONFIG", "SET", "min-replicas-to-write", "0")
    expect(await shop.stock()).toBe("free 19 held 1 sold 0")
    await shop.inventory[Symbol.asyncDispose]()
  })
})

/** A different number with the same count of digits. */
function other(digits: string): string {
  return digits.replace(/\d$/, last => String((Number(last) + 1) % 10))
}
