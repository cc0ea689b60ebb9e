import { afterAll, describe, expect, test } from "bun:test"
import { join } from "node:path"
import { chainText, type Fact, GENESIS } from "../../src/core/fact.ts"
import { conserves, foldSale } from "../../src/core/fold.ts"
import type { Inventory } from "../../src/core/ports/inventory.ts"
import type { Sale } from "../../src/core/sale.ts"
import { SqliteInventory } from "../../src/embedded/sqlite/inventory.ts"
import { factToWire } from "../../src/http/api/mapping.ts"
import { sha1 } from "../../src/runtime/sha1.ts"
import * as wire from "../../src/wire/wire.ts"
import { NEWER_DATA, newerRules } from "../support/newer-build.ts"
import { clockAt } from "../support/stores/clocks.ts"
import { audit } from "../support/stores/evidence.ts"
import { temporaryFolder } from "../support/stores/kinds.ts"
import { MemoryInventory } from "../support/stores/memory-inventory.ts"
import { OPENS, Shop } from "../support/stores/shop.ts"

const folder = temporaryFolder()
afterAll(folder.remove)

/** A sale with facts of kinds that this build does not know, as a newer build writes them. */
async function newerShop(inventory: Inventory): Promise<Shop> {
  const shop = new Shop({ inventory, setClock: () => {}, close: () => inventory[Symbol.asyncDispose]() }, OPENS)
  await shop.create({ total: 5, holdSeconds: 60, limitPerCustomer: 3 })
  const { id } = await shop.bought("ann", "k1", { quantity: 2 })
  await shop.confirm(id)
  await shop.decide({ kind: "restock", saleId: "drop", sku: "shoe", units: 3 })
  await shop.bought("bob", "k2")
  return shop
}

function fold(facts: readonly Fact[]): Sale | undefined {
  let sale: Sale | undefined
  for (const fact of facts) {
    expect(conserves(sale, fact)).toBe(true)
    sale = foldSale(sale, 1, fact)
  }
  return sale
}

function expectComplete(facts: readonly Fact[]): void {
  const kinds = ["created", "stocked", "held", "confirmed", "paid", "stocked", "withdrawn", "held"]
  expect(facts.map(({ kind }) => kind)).toEqual(kinds)
  expect(facts[4]).toMatchObject({ customerId: "ann", key: "k1", free: 3, held: 0, sold: 2, data: NEWER_DATA })
  expect(facts[6]).toMatchObject({ sku: "shoe", free: 5, held: 0, sold: 2, data: { units: 1 } })
  let hash = GENESIS
  for (const fact of facts) {
    expect(fact.hash).toBe(sha1(chainText(hash, fact)))
    hash = fact.hash
  }
}

const plain = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value))

const STORES: [string, () => Inventory, boolean][] = [
  ["the memory store", () => new MemoryInventory(() => OPENS, newerRules), false],
  [
    "SQLite",
    () =>
      new SqliteInventory(
        join(folder.path, "newer.db"),
        clockAt(() => OPENS),
        newerRules,
      ),
    true,
  ],
]

describe.each(STORES)("facts of a newer build in %s", (_, open, survives) => {
  test("are read completely, folded, shown over the API and accepted by the audit", async () => {
    const writing = await newerShop(open())
    const told = plain([await writing.sale(), await writing.orders()])
    expectComplete(await writing.facts())
    if (survives) await writing.inventory[Symbol.asyncDispose]()
    const inventory = survives ? open() : writing.inventory
    const facts = await inventory.facts("drop", 0, 100)
    expectComplete(facts)
    expect(plain([fold(facts), await inventory.orders("drop", 0, 100)])).toEqual(told)
    expect(facts.map(fact => wire.Fact.parse(plain(factToWire(fact))))).toEqual(plain(facts) as wire.Fact[])
    const { ok, checks } = await audit(inventory, "drop", OPENS)
    expect(ok).toBe(true)
    expect(checks[0]!.detail).toEndWith("; 2 facts of kinds that this audit does not know")
    await inventory[Symbol.asyncDispose]()
  })
})

test("a fact without data has no field `data` on the wire", async () => {
  const shop = await newerShop(new MemoryInventory(() => OPENS, newerRules))
  const [created, , , , paid] = plain((await shop.facts()).map(factToWire))
  expect(Object.keys(created!)).not.toContain("data")
  expect(Object.keys(paid!)).toContain("data")
})

test("given a fact of an unknown kind, an impossible stock is found", async () => {
  const facts = await (await newerShop(new MemoryInventory(() => OPENS, newerRules))).facts()
  const sale = fold(facts.slice(0, 6))
  const withdrawn = facts[6]!
  expect(conserves(sale, withdrawn)).toBe(true)
  expect(conserves(sale, { ...withdrawn, free: -1 })).toBe(false)
  expect(conserves(sale, { ...withdrawn, held: undefined })).toBe(false)
  expect(conserves(sale, { ...withdrawn, sku: "sock" })).toBe(false)
  const without = { ...withdrawn, free: undefined, held: undefined, sold: undefined }
  expect(conserves(sale, without)).toBe(true)
  expect(foldSale(sale, 1, without).items).toEqual(sale!.items)
})
