import { expect } from "bun:test"
import { chainText, type Fact } from "../../../src/core/fact.ts"
import { sha1 } from "../../../src/runtime/sha1.ts"
import { needs } from "../../support/needs.ts"
import { NEWER_DATA } from "../../support/newer-build.ts"
import { REDIS } from "../../support/programs.ts"
import { RedisServer } from "../../support/redis.ts"
import { audit } from "../../support/stores/evidence.ts"
import type { Shop } from "../../support/stores/shop.ts"
import { openShop } from "./shops.ts"

const { afterAll, shared, test } = needs(REDIS)

const server = await shared(() => RedisServer.start())
afterAll(() => server.stop())

/** Adds a fact as the functions of a newer build would: a journal entry, and the sale after it. */
async function write(shop: Shop, { sku = "", free, held, sold, ...fact }: Partial<Fact>): Promise<void> {
  const { seq, hash, at, items } = await shop.sale()
  const text = chainText(hash, { saleId: "drop", seq: seq + 1, at, kind: "", sku, free, held, sold, ...fact })
  const last = sha1(text)
  await server.command("XADD", "sale:{drop}:journal", `${seq + 1}-0`, "facts", `${text}\n${last}`)
  const { price } = items[0]!
  const total = free! + held! + sold!
  const stock = [sku, free, held, sold, total, price.amount, price.currency].join(",")
  await server.command("HSET", "sale:{drop}:meta", "seq", String(seq + 1), "hash", last, "stock", stock)
  await shop.reserve("nobody", "reads the sale anew", { quantity: 1_000 })
}

test("given facts of unknown kinds and with data, they are read from Redis as written", async () => {
  await server.command("FLUSHALL")
  const shop = await openShop({ url: server.url })
  await shop.create({ total: 5, holdSeconds: 60 })
  const { id } = await shop.bought("ann", "k1")
  const order = { orderId: id, customerId: "ann", key: "k1", quantity: 1 }
  await write(shop, { kind: "noted", sku: "shoe", ...order, data: NEWER_DATA, free: 4, held: 1, sold: 0 })
  const terms = { name: "a | b" } as Fact["terms"]
  await write(shop, { kind: "withdrawn", sku: "shoe", data: {}, terms, reason: "broken", free: 3, held: 1, sold: 0 })
  await shop.confirm(id)
  const facts = JSON.parse(JSON.stringify(await shop.facts())) as Fact[]
  expect(facts.map(({ kind }) => kind)).toEqual(["created", "stocked", "held", "noted", "withdrawn", "confirmed"])
  expect(facts[3]).toMatchObject({ ...order, sku: "shoe", data: NEWER_DATA, free: 4, held: 1, sold: 0 })
  expect(facts[4]).toMatchObject({ data: {}, terms, reason: "broken", free: 3, held: 1, sold: 0 })
  expect(facts[5]).toMatchObject({ free: 3, held: 0, sold: 1 })
  expect((await audit(shop.inventory, "drop", shop.now)).violations).toEqual([])
  await shop.inventory[Symbol.asyncDispose]()
})

test("given a fact of an unknown version, reading fails with one sentence", async () => {
  await server.command("FLUSHALL")
  const shop = await openShop({ url: server.url })
  await shop.create()
  const { hash } = await shop.sale()
  const text = `${hash}|drop|3|0|noted|||||||||||||3|anything`
  await server.command("XADD", "sale:{drop}:journal", "3-0", "facts", `${text}\n${sha1(text)}`)
  await expect(shop.facts()).rejects.toThrow(
    "The store holds facts of version 3, which only a newer Doorbuster can read.",
  )
  await shop.inventory[Symbol.asyncDispose]()
})
