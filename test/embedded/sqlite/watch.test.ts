import { afterAll, expect, test } from "bun:test"
import { join } from "node:path"
import { SqliteInventory } from "../../../src/embedded/sqlite/inventory.ts"
import { clockAt } from "../../support/stores/clocks.ts"
import { temporaryFolder } from "../../support/stores/kinds.ts"
import { OPENS, Shop } from "../../support/stores/shop.ts"

const folder = temporaryFolder()
afterAll(folder.remove)

test("watchers get one notice of each sale that a call changes, and of no other", async () => {
  const inventory = new SqliteInventory(
    join(folder.path, "store.db"),
    clockAt(() => OPENS),
  )
  const shop = new Shop({ inventory, setClock() {}, close: () => inventory[Symbol.asyncDispose]() }, OPENS)
  await shop.create({ total: 1 })
  await shop.create({ id: "other" })
  const { notices } = shop.watch()
  const told = () => notices.splice(0).map(({ sale }) => `${sale.id} ${sale.seq}`)
  expect(told()).toEqual(["drop 2", "other 2"])
  await shop.bought("ann", "k1")
  expect(told()).toEqual(["drop 3"])
  await shop.batch(shop.attempt("bob", "k2"), shop.attempt("ann", "k1"))
  expect(told()).toEqual([])
  await shop.batch(shop.attempt("bob", "k2", { sale: "other" }), shop.attempt("eve", "k3", { sale: "other" }))
  expect(told()).toEqual(["other 4"])
  await inventory[Symbol.asyncDispose]()
})
