import { Database } from "bun:sqlite"
import { afterAll, describe, expect, test } from "bun:test"
import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { auditSale } from "../../../src/audit/audit-sale.ts"
import { fileSources } from "../../../src/cli/audit/file-sources.ts"
import { SqliteInventory } from "../../../src/embedded/sqlite/inventory.ts"
import { openDatabase } from "../../../src/embedded/sqlite/open.ts"
import { expectOldData, OLD_NOW, OLD_ORDERS, writeOldFile } from "../../support/schema-1/old-data.ts"
import { clockAt } from "../../support/stores/clocks.ts"
import { temporaryFolder } from "../../support/stores/kinds.ts"

const ALL = 1000
const folder = temporaryFolder()
afterAll(folder.remove)

let folders = 0

/** A data folder that the release with schema 1 has written. */
function oldFolder(): { data: string; file: string } {
  const data = join(folder.path, `data-${++folders}`)
  mkdirSync(data)
  const file = join(data, "doorbuster.db")
  writeOldFile(file)
  return { data, file }
}

async function auditFile(data: string): Promise<string[]> {
  const sources = fileSources(data)
  try {
    const reports = await Promise.all((await sources.ids()).map(id => auditSale(sources.of(id))))
    return reports.flatMap(({ violations }) => violations)
  } finally {
    sources.close()
  }
}

/** Every table and index with its columns, without comments and spaces. */
function shapeOf(database: Database): unknown {
  const named = database.query<{ name: string }, []>(
    "SELECT name FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name",
  )
  return named
    .all()
    .map(({ name }) => [
      name,
      database.query(`PRAGMA table_xinfo(${name})`).all(),
      database.query(`PRAGMA index_xinfo(${name})`).all(),
    ])
}

describe("a file of schema 1", () => {
  test("is migrated when a store opens it, keeps every order and fact, and sells", async () => {
    const { file } = oldFolder()
    const store = new SqliteInventory(
      file,
      clockAt(() => OLD_NOW),
    )
    for (const id of ["drop", "flash"] as const) {
      expectOldData(id, await store.orders(id, 0, ALL), await store.facts(id, 0, ALL))
    }
    const [confirmed, replayed] = await store.decide([
      { kind: "confirm", orderId: "A14-A006" },
      {
        ...{ kind: "reserve", saleId: "drop", sku: "shirt", customerId: "ann", key: "k1", quantity: 2 },
        ...{ suffix: "ZZZZ", notAfter: OLD_NOW },
      },
    ])
    expect(confirmed).toMatchObject({ outcome: "confirmed", seq: 15 })
    expect(replayed).toMatchObject({ outcome: "confirmed", replayed: true, order: { id: "A4-A000" } })
    await store[Symbol.asyncDispose]()
    const reopened = new SqliteInventory(
      file,
      clockAt(() => OLD_NOW),
    )
    expect(await reopened.order("A14-A006")).toMatchObject({ state: "confirmed", seq: 15 })
    await reopened[Symbol.asyncDispose]()
  })

  test("has the schema of a new file after the migration", () => {
    const migrated = openDatabase(oldFolder().file)
    const fresh = openDatabase(join(folder.path, "fresh.db"))
    expect(shapeOf(migrated)).toEqual(shapeOf(fresh))
    expect(migrated.query("PRAGMA user_version").get()).toEqual({ user_version: 6 })
    expect(migrated.query("PRAGMA integrity_check").get()).toEqual({ integrity_check: "ok" })
    migrated.close()
    fresh.close()
  })

  test("passes the audit before and after the migration, and the audit does not change it", async () => {
    const { data, file } = oldFolder()
    expect(await auditFile(data)).toEqual([])
    const sources = fileSources(data)
    const { orders } = await sources.of("drop").orders(4)
    expect(orders.map(({ id, state, seq }) => `${id} ${state} ${seq}`)).toEqual(OLD_ORDERS.drop.slice(1))
    sources.close()
    const before = new Database(file, { readonly: true })
    expect(before.query("PRAGMA user_version").get()).toEqual({ user_version: 1 })
    before.close()
    await new SqliteInventory(
      file,
      clockAt(() => OLD_NOW),
    )[Symbol.asyncDispose]()
    expect(await auditFile(data)).toEqual([])
  })

  test("fails the audit if an order in it is altered", async () => {
    const { data, file } = oldFolder()
    const database = new Database(file)
    database.run("UPDATE orders SET created_by = 15 WHERE created_by = 14")
    database.close()
    expect((await auditFile(data)).join("\n")).toContain(
      "order A15-A006 of dan is in the ledger, but no fact creates it",
    )
  })
})

test("the audit refuses a file that a newer release wrote", async () => {
  const { data, file } = oldFolder()
  const database = new Database(file)
  database.run("PRAGMA user_version = 7")
  database.close()
  expect(() => fileSources(data)).toThrow(`${file} was written by a newer Doorbuster (schema 7).`)
})
