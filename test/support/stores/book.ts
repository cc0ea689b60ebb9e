import type { Fact } from "../../../src/core/fact.ts"
import type { Order } from "../../../src/core/order.ts"
import type { Sale } from "../../../src/core/sale.ts"
import type { PostgresLedger } from "../../../src/stack/postgres/ledger.ts"
import { memory } from "./kinds.ts"
import { newItem, OPENS, Shop } from "./shop.ts"

const ALL = 1_000_000

/** What a ledger must hold of one sale. */
export interface Book {
  sale: Sale
  facts: Fact[]
  orders: Order[]
}

/** A shop over the model. The tests append its facts to a ledger. */
export async function openShop(): Promise<Shop> {
  return new Shop(await memory().open(OPENS), OPENS)
}

export async function bookOf(shop: Shop, saleId = "drop"): Promise<Book> {
  return plain({ sale: await shop.sale(saleId), facts: await shop.facts(saleId), orders: await shop.orders(saleId) })
}

export async function bookIn(ledger: PostgresLedger, saleId = "drop"): Promise<Book> {
  const sale = (await ledger.sales()).find(({ id }) => id === saleId)!
  return plain({ sale, facts: await ledger.facts(saleId, 0, ALL), orders: await ledger.orders(saleId, 0, ALL) })
}

/** A sale in which something of every kind has happened. */
export async function eventfulShop(): Promise<Shop> {
  const shop = await openShop()
  const items = [newItem("shirt", 5), newItem("cap", 2)]
  await shop.create({
    items,
    holdSeconds: 60,
    limitPerCustomer: 3,
    description: 'a "quoted" | text\nof two, é 🙂 \u0000',
  })
  const ann = await shop.bought("ann", "k1", { sku: "shirt", quantity: 2 })
  const bob = await shop.bought("bob", "k2", { sku: "cap" })
  await shop.bought("eve", "k3", { sku: "cap" })
  shop.at(10)
  await shop.confirm(ann.id)
  await shop.cancel(bob.id)
  await shop.decide({ kind: "pause", saleId: "drop" })
  await shop.decide({ kind: "resume", saleId: "drop" })
  await shop.decide({ kind: "restock", saleId: "drop", sku: "cap", units: 4 })
  await shop.decide({ kind: "amend", saleId: "drop", terms: { name: "Drop | 2", closesAt: OPENS + 3_600_000 } })
  await shop.decide({ kind: "amend", saleId: "drop", terms: { closesAt: null } })
  shop.at(70_000)
  await shop.decide({ kind: "close", saleId: "drop" })
  return shop
}

/** For a reader, absent and undefined are the same. */
function plain<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value))
}
