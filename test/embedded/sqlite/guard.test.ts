import { afterAll, expect, test } from "bun:test"
import { join } from "node:path"
import { InventoryFault } from "../../../src/core/ports/inventory.ts"
import { type Decide, decide } from "../../../src/core/rules.ts"
import { applyTransition } from "../../../src/core/transition.ts"
import { SqliteInventory } from "../../../src/embedded/sqlite/inventory.ts"
import { clockAt } from "../../support/stores/clocks.ts"
import { temporaryFolder } from "../../support/stores/kinds.ts"
import { newSale, OPENS, Shop } from "../../support/stores/shop.ts"

const folder = temporaryFolder()
afterAll(folder.remove)

/** Gives a customer named Eve one unit more than exists. */
const oversells: Decide = (transaction, command, now, hash) => {
  if (command.kind !== "reserve" || command.customerId !== "eve") return decide(transaction, command, now, hash)
  const sale = transaction.sale(command.saleId)!
  const item = sale.items[0]!
  const change = { kind: "confirmed", sku: item.sku, moves: { free: -item.free - 1, sold: item.free + 1 } } as const
  applyTransition(transaction, { saleId: sale.id, guards: [], changes: [change] }, now, hash)
  return { outcome: "confirmed", seq: sale.seq }
}

test("given a transition that would break the stock, the store stops and rolls back its transaction", async () => {
  const file = join(folder.path, "store.db")
  const inventory = new SqliteInventory(
    file,
    clockAt(() => OPENS),
    oversells,
  )
  const shop = new Shop({ inventory, setClock() {}, close: () => inventory[Symbol.asyncDispose]() }, OPENS)
  await shop.decide({ kind: "create", sale: newSale({ total: 3 }) })
  await shop.bought("ann", "k1")
  const before = await shop.everything()

  const results = await Promise.allSettled([
    shop.reserve("bob", "k2"),
    shop.reserve("eve", "k3"),
    shop.reserve("dan", "k4"),
  ])
  for (const result of results) {
    const fault = (result as PromiseRejectedResult).reason as InventoryFault
    expect(fault).toBeInstanceOf(InventoryFault)
    expect(fault.certain).toBe(true)
    expect(fault.message).toBe("The store stopped: shoe: -1 free + 0 held + 4 sold is not 3.")
  }
  expect(inventory.violations).toBe(1)
  expect(inventory.fault).toBeDefined()
  expect(await shop.reserve("zoe", "k5").catch((fault: InventoryFault) => fault.certain)).toBe(true as never)
  await inventory[Symbol.asyncDispose]()

  const reopened = new SqliteInventory(
    file,
    clockAt(() => OPENS),
  )
  const after = new Shop({ inventory: reopened, setClock() {}, close: () => reopened[Symbol.asyncDispose]() }, OPENS)
  expect(await after.everything()).toEqual(before as never)
  expect(await after.reserve("bob", "k2")).toMatchObject({ outcome: "confirmed" })
  await reopened[Symbol.asyncDispose]()
})

test("given a stopped store, no call is decided, not even one that was already waiting", async () => {
  const inventory = new SqliteInventory(
    join(folder.path, "waiting.db"),
    clockAt(() => OPENS),
    oversells,
  )
  const shop = new Shop({ inventory, setClock() {}, close: () => inventory[Symbol.asyncDispose]() }, OPENS)
  await shop.create({ total: 10_000 })
  const before = await shop.everything()
  const crowd = Array.from({ length: 4000 }, (_, at) => shop.attempt(`cust-${at}`, "k"))
  const calls = [shop.batch(...crowd, shop.attempt("eve", "k")), shop.batch(shop.attempt("ann", "k"))]
  for (const result of await Promise.allSettled(calls)) {
    expect(result.status).toBe("rejected")
    expect((result as PromiseRejectedResult).reason.certain).toBe(true)
  }
  expect(await shop.everything()).toEqual(before)
  await inventory[Symbol.asyncDispose]()
})
