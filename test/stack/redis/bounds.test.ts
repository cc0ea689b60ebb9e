import { expect } from "bun:test"
import { InventoryFault } from "../../../src/core/ports/inventory.ts"
import { needs } from "../../support/needs.ts"
import { REDIS } from "../../support/programs.ts"
import { RedisServer } from "../../support/redis.ts"
import { expectAudited } from "../../support/stores/evidence.ts"
import { OPENS, type Shop } from "../../support/stores/shop.ts"
import { openShop } from "./shops.ts"

const { afterAll, beforeEach, describe, shared, test } = needs(REDIS)

const server = await shared(() => RedisServer.start())
beforeEach(() => server.wipe())
afterAll(() => server.stop())

describe("a journal that the ledger does not store", () => {
  test("refuses sales at its limit, but still answers replays, refusals and releases", async () => {
    const shop = await openShop({ url: server.url, journalFactsMax: 5 })
    await shop.create({ total: 10, holdSeconds: 60 })
    const attempts = ["ann", "bob", "eve", "dan"].map(name => shop.attempt(name, "k1"))
    const answers = await shop.batch(...attempts)
    expect(answers.map(({ outcome }) => outcome)).toEqual(["held", "held", "held", "overloaded"])
    expect(answers[3]).toEqual({ outcome: "overloaded", seq: 5 })
    const [ann, bob] = answers.map(({ order }) => order!)
    expect(await shop.reserve("ann", "k1")).toMatchObject({ outcome: "held", replayed: true })
    expect(await shop.reserve("ann", "k2")).toMatchObject({ outcome: "limit_reached" })
    expect(await shop.confirm(ann!.id)).toMatchObject({ outcome: "confirmed" })
    expect(await shop.cancel(bob!.id)).toMatchObject({ outcome: "released" })
    expect(await shop.reserve("dan", "k1")).toMatchObject({ outcome: "overloaded" })
    await shop.inventory.trim("drop", 7)
    expect(await shop.reserve("dan", "k1")).toMatchObject({ outcome: "held", seq: 8 })
    await shop.inventory[Symbol.asyncDispose]()
  })

  test("deletes the facts that the ledger holds, and no others", async () => {
    const shop = await openShop({ url: server.url })
    await shop.create({ total: 10 })
    const order = await shop.bought("ann", "k1")
    await shop.batch(shop.attempt("bob", "k1"), shop.attempt("eve", "k1"))
    const all = await shop.facts()
    await shop.inventory.trim("drop", 4)
    // An entry that also contains a later fact is kept.
    expect(await shop.facts()).toEqual(all.slice(3))
    expect((await shop.inventory.heads()).sales[0]).toMatchObject({ seq: 5, ledgerSeq: 4 })
    await shop.inventory.trim("drop", 3)
    await shop.inventory.trim("drop", 1000)
    expect((await shop.inventory.heads()).sales[0]).toMatchObject({ seq: 5, ledgerSeq: 5 })
    expect(await shop.facts()).toEqual([])
    expect(await shop.inventory.order(order.id)).toEqual(order)
    expect(await shop.reserve("ann", "k1")).toMatchObject({ replayed: true })
    await shop.inventory[Symbol.asyncDispose]()
  })
})

test.each([0, 7, 999, 1_000, 20_030, 999_999, 1_000_000, 4_005_006, 999_999_999, 1_000_000_000, 12_000_340_056])(
  "given a sale that leaves %d units, its facts say so",
  async left => {
    const shop = await openShop({ url: server.url })
    await shop.create({ id: "instant", total: left + 1 })
    await shop.create({ id: "hold", total: left + 1, holdSeconds: 60 })
    await shop.batch(shop.attempt("ann", "k1", { sale: "instant" }), shop.attempt("ann", "k1", { sale: "hold" }))
    const [instant, hold] = [await shop.facts("instant"), await shop.facts("hold")]
    expect(instant.at(-1)).toMatchObject({ seq: 3, free: left, held: 0, sold: 1 })
    expect(hold.at(-1)).toMatchObject({ seq: 3, free: left, held: 1, sold: 0 })
    await expectAudited(shop.inventory, shop.now)
    await shop.inventory[Symbol.asyncDispose]()
  },
)

test("given counters that do not add up, the sale stops and other sales continue", async () => {
  const shop = await openShop({ url: server.url })
  await shop.create({ total: 10 })
  await shop.create({ id: "other" })
  const meta = "sale:{drop}:meta"
  const stock = String(await server.command("HGET", meta, "stock"))
  await server.command("HSET", meta, "stock", stock.replace("10,0,0,10", "11,0,0,10"))
  const fault = await shop.reserve("ann", "k1").catch((error: unknown) => error)
  expect(fault).toBeInstanceOf(InventoryFault)
  expect((fault as InventoryFault).message).toBe(
    "The store's numbers for shoe do not add up, so this sale has stopped.",
  )
  expect((fault as InventoryFault).certain).toBe(true)
  expect(shop.inventory.violations).toBe(1)
  expect(await shop.reserve("ann", "k1", { sale: "other" })).toMatchObject({ outcome: "confirmed" })
  expect((await shop.inventory.heads()).sales).toHaveLength(2)
  await shop.inventory[Symbol.asyncDispose]()
})

describe("a hold's deadline", () => {
  test("is the same on all replicas, and each replica releases due holds", async () => {
    const [one, other] = [await openShop({ url: server.url }), await openShop({ url: server.url })]
    await one.create({ total: 1, holdSeconds: 60 })
    await one.bought("ann", "k1")
    // Both read the store's clock.
    for (const shop of [one, other]) shop.at(60_000)
    expect(await other.reserve("bob", "k1")).toMatchObject({ outcome: "held", seq: 5 })
    expect(await one.reserve("ann", "k1")).toMatchObject({ outcome: "released", replayed: true })
    await Promise.all([one.inventory[Symbol.asyncDispose](), other.inventory[Symbol.asyncDispose]()])
  })
})

test("given a store's clock that is set back a little, its time does not go back for any replica", async () => {
  const [one, other] = [await openShop({ url: server.url }), await openShop({ url: server.url })]
  await one.create({ id: "early" })
  await one.create({ id: "late" })
  other.at(1900)
  await other.bought("ann", "k1", { sale: "early" })
  expect(await one.bought("bob", "k1", { sale: "late" })).toMatchObject({ createdAt: OPENS + 1900 })
  await Promise.all([one.inventory[Symbol.asyncDispose](), other.inventory[Symbol.asyncDispose]()])
})

test("given a confirmed order in the ledger, it takes at most 300 bytes of the store", async () => {
  const shop = await openShop({ url: server.url })
  const orders = 40_000
  await shop.create({ total: orders })
  const before = await dataset()
  const names = Array.from({ length: orders }, () => crypto.randomUUID())
  for (let at = 0; at < orders; at += 2000) await buyAll(shop, names.slice(at, at + 2000))
  await shop.inventory.trim("drop", orders + 2)
  expect(((await dataset()) - before) / orders).toBeLessThanOrEqual(300)
  await shop.inventory[Symbol.asyncDispose]()
}, 60_000)

async function buyAll(shop: Shop, names: string[]): Promise<void> {
  const answers = await shop.batch(...names.map(name => shop.attempt(name, crypto.randomUUID())))
  expect(answers.every(({ outcome }) => outcome === "confirmed")).toBe(true)
}

async function dataset(): Promise<number> {
  return Number(/^used_memory_dataset:(\d+)/m.exec(String(await server.command("INFO", "memory")))![1])
}
