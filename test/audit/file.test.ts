import { Database } from "bun:sqlite"
import { afterEach, beforeEach, expect, test } from "bun:test"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { auditSale } from "../../src/audit/audit-sale.ts"
import { fileSources } from "../../src/cli/audit/file-sources.ts"
import type { Reserve } from "../../src/core/command.ts"
import { SqliteInventory } from "../../src/embedded/sqlite/inventory.ts"
import { FIELD, tamper } from "../support/journal-file.ts"
import { broken } from "./audit-evidence.ts"

let folder: string
let file: string

/** A file that the store wrote: a hold sale in which one order is confirmed, one cancelled and one held. */
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "doorbuster-audit-"))
  file = join(folder, "doorbuster.db")
  const store = new SqliteInventory(file)
  const price = { amount: 100, currency: "IDR" }
  const items = [{ sku: "shoe", name: "Shoe", price, total: 10 }]
  const terms = { name: "Drop", description: "", opensAt: Date.now() - 1000, holdSeconds: 600, limitPerCustomer: 1 }
  await store.decide([{ kind: "create", sale: { ...terms, id: "drop", checkout: "hold", items } }])
  const [ann, bob] = await store.decide(["ann", "bob", "cyd"].map(reserve))
  await store.decide([
    { kind: "confirm", orderId: ann!.order!.id },
    { kind: "release", orderId: bob!.order!.id, reason: "cancelled" },
    { kind: "amend", saleId: "drop", terms: { closesAt: Date.now() + 1e6 } },
  ])
  await store[Symbol.asyncDispose]()
})

afterEach(() => rmSync(folder, { recursive: true }))

function reserve(customerId: string): Reserve {
  const notAfter = Number.MAX_SAFE_INTEGER
  return { kind: "reserve", saleId: "drop", sku: "shoe", customerId, key: "k", quantity: 1, suffix: "ABCD", notAfter }
}

const bySql = (sql: string) => (database: Database) => database.run(sql).changes

/** The checks that fail after a change to the file. `change` returns how much it changed. */
async function afterChange(change?: (database: Database) => number): Promise<string[]> {
  if (change) {
    const database = new Database(file)
    database.run("PRAGMA ignore_check_constraints = ON")
    expect(change(database)).toBeGreaterThan(0)
    database.close()
  }
  const sources = fileSources(folder)
  try {
    expect(await sources.ids()).toEqual(["drop"])
    return broken(await auditSale(sources.of("drop")))
  } finally {
    sources.close()
  }
}

test("an unchanged file passes", async () => {
  expect(await afterChange()).toEqual([])
})

test.each([
  ["UPDATE stock SET sold = sold + 1, total = total + 1", ["I9"]],
  ["DELETE FROM orders WHERE customer = 'ann'", ["I9"]],
  ["UPDATE orders SET state = 'confirmed' WHERE customer = 'cyd'", ["I9"]],
  ["UPDATE orders SET reason = 'expired' WHERE customer = 'bob'", ["I9"]],
  ["UPDATE sales SET hash = 'none'", ["I9"]],
])("%s breaks the expected checks", async (sql, checks) => {
  expect(await afterChange(bySql(sql))).toEqual(checks)
})

const LAST = 8
const withKey = (fields: string[]) => fields.with(FIELD.key, "other")

test.each([
  ["fact 6 is gone", 6, () => undefined, ["I1", "I9", "I10"]],
  ["fact 4 has another key", 4, withKey, ["I10", "I11"]],
  ["the last fact is gone", LAST, () => undefined, ["I9"]],
])("when %s, the expected checks break", async (_, seq, change, checks) => {
  const tampered = (database: Database) =>
    tamper(database, (fields, at) => (at === seq ? (change as typeof withKey)(fields) : fields))
  expect(await afterChange(tampered)).toEqual(checks)
})

test("a missing file and a file that is not a database get one clear sentence each", async () => {
  expect(() => fileSources(join(folder, "none"))).toThrow(/^There is no .*doorbuster\.db\.$/)
  await Bun.write(file, "x".repeat(10_000))
  expect(() => fileSources(folder)).toThrow(/cannot be read: file is not a database\.$/)
})

test("the audit refuses a file that a running system has open", () => {
  const running = new Database(file)
  running.run("PRAGMA locking_mode = EXCLUSIVE")
  running.run("UPDATE sales SET at = at")
  expect(() => fileSources(folder)).toThrow(/is in use: stop the system first/)
  running.close()
})
