import { expect } from "bun:test"
import { LIBRARY_VERSION, libraryOf } from "../../../src/stack/redis/protocol/library.ts"
import { needs } from "../../support/needs.ts"
import { REDIS } from "../../support/programs.ts"
import { RedisServer } from "../../support/redis.ts"
import { newSale } from "../../support/stores/shop.ts"
import { openClosedShop, openGates, openShop } from "./shops.ts"

const { afterAll, beforeEach, describe, shared, test } = needs(REDIS)

const server = await shared(() => RedisServer.start())
beforeEach(() => server.wipe())
afterAll(() => server.stop())

const { url } = server
const RECONCILING = { outcome: "reconciling" } as const

describe("the gate", () => {
  test("given an empty store, no sale can be created until a worker has read the ledger", async () => {
    const shop = await openClosedShop({ url })
    expect(await shop.create()).toEqual(RECONCILING)
    expect(await shop.reserve("ann", "k1")).toEqual(RECONCILING)
    expect(await shop.confirm("A3-0000")).toEqual(RECONCILING)
    expect(await shop.inventory.heads()).toEqual({ sales: [], isOpen: false })
    await shop.inventory.openList()
    expect(await shop.reserve("ann", "k1")).toEqual({ outcome: "sale_unknown" })
    expect(await shop.create()).toMatchObject({ outcome: "done" })
    expect(await shop.reserve("ann", "k1")).toMatchObject({ outcome: "confirmed" })
    await shop.inventory[Symbol.asyncDispose]()
  })

  test("closes for every command when the process ends, and sold units stay sold", async () => {
    const before = await openShop({ url })
    await before.create({ total: 3, holdSeconds: 60 })
    const order = await before.bought("ann", "k1")
    await before.inventory[Symbol.asyncDispose]()
    await server.restart()
    const shop = await openClosedShop({ url })
    const commands = [
      shop.attempt("ann", "k1"),
      shop.attempt("bob", "k2"),
      { kind: "confirm", orderId: order.id } as const,
      { kind: "release", orderId: order.id, reason: "cancelled" } as const,
      { kind: "pause", saleId: "drop" } as const,
      { kind: "restock", saleId: "drop", sku: "shoe", units: 5 } as const,
      { kind: "amend", saleId: "drop", terms: { name: "Other" } } as const,
      { kind: "create", sale: newSale() } as const,
    ]
    for (const command of commands) expect(await shop.decide(command)).toEqual(RECONCILING)
    const { sales, isOpen } = await shop.inventory.heads()
    expect([isOpen, sales[0]!.isOpen, sales[0]!.seq, sales[0]!.epoch]).toEqual([false, false, 3, 1])
    expect(await shop.inventory.order(order.id)).toEqual(order)
    await openGates(shop.inventory)
    expect(await shop.reserve("ann", "k1")).toMatchObject({ outcome: "held", order, replayed: true })
    expect((await shop.inventory.heads()).sales[0]).toMatchObject({ isOpen: true, epoch: 2 })
    await shop.inventory[Symbol.asyncDispose]()
  })

  test("is closed if keys are missing, even if the functions remember it as open", async () => {
    const shop = await openShop({ url })
    await shop.create({ total: 3 })
    await shop.bought("ann", "k1")
    await server.command("FLUSHALL")
    expect(await shop.reserve("ann", "k1")).toEqual(RECONCILING)
    expect(await shop.create()).toEqual(RECONCILING)
    expect(await shop.inventory.heads()).toEqual({ sales: [], isOpen: false })
    await shop.inventory[Symbol.asyncDispose]()
  })

  test("is closed for a single lost sale, which its number distinguishes from a new one", async () => {
    const shop = await openShop({ url })
    await shop.create({ total: 3 })
    await shop.create({ id: "other", total: 3 })
    await server.command("DEL", ...["meta", "customers", "orders", "journal"].map(part => `sale:{drop}:${part}`))
    expect(await shop.reserve("ann", "k1")).toEqual(RECONCILING)
    expect(await shop.create({ total: 3 })).toEqual(RECONCILING)
    expect(await shop.reserve("ann", "k1", { sale: "other" })).toMatchObject({ outcome: "confirmed" })
    expect((await shop.inventory.heads()).sales.map(({ saleId }) => saleId)).toEqual(["other"])
    await shop.inventory[Symbol.asyncDispose]()
  })

  test("opens only if the sale is unchanged since the comparison, and never in a past epoch", async () => {
    const shop = await openShop({ url })
    await shop.create({ total: 3 })
    const [head] = (await shop.inventory.heads()).sales
    await shop.bought("ann", "k1")
    expect(await shop.inventory.open(head!, 2)).toBe(false)
    const [now] = (await shop.inventory.heads()).sales
    expect(await shop.inventory.open({ ...now!, hash: head!.hash }, 2)).toBe(false)
    expect(await shop.inventory.open(now!, 3)).toBe(true)
    expect(await shop.inventory.open(now!, 2)).toBe(false)
    expect(await shop.reserve("bob", "k2")).toMatchObject({ outcome: "confirmed" })
    await shop.inventory[Symbol.asyncDispose]()
  })

  test("is separate for each version: two releases decide in the same epoch", async () => {
    const old = await openShop({ url })
    await old.create({ total: 3 })
    await old.bought("ann", "k1")
    const next = await openClosedShop({ url, library: libraryOf(LIBRARY_VERSION + 1) })
    expect(await next.reserve("bob", "k2")).toEqual(RECONCILING)
    expect(await old.reserve("bob", "k2")).toMatchObject({ outcome: "confirmed" })
    await openGates(next.inventory)
    expect((await next.inventory.heads()).sales[0]).toMatchObject({ epoch: 1, isOpen: true })
    expect(await next.reserve("eve", "k3")).toMatchObject({ outcome: "confirmed", seq: 5 })
    expect(await old.reserve("dan", "k4")).toMatchObject({ outcome: "sold_out", seq: 5 })
    expect(await old.reserve("eve", "k3")).toMatchObject({ outcome: "confirmed", replayed: true })
    await Promise.all([old.inventory[Symbol.asyncDispose](), next.inventory[Symbol.asyncDispose]()])
  })

  test("refuses a replica of an earlier epoch, which then learns the new one", async () => {
    const old = await openShop({ url })
    await old.create({ total: 3 })
    const other = await openShop({ url })
    const [head] = (await other.inventory.heads()).sales
    await other.inventory.open(head!, 5)
    expect(await old.reserve("ann", "k1")).toMatchObject({ outcome: "confirmed" })
    expect(await old.orders()).toHaveLength(1)
    await Promise.all([old.inventory[Symbol.asyncDispose](), other.inventory[Symbol.asyncDispose]()])
  })
})
