import { expect } from "bun:test"
import { PostgresLedger } from "../../../src/stack/postgres/ledger.ts"
import { textOf } from "../../support/compose-file.ts"
import { needs } from "../../support/needs.ts"
import { Cluster } from "../../support/postgres.ts"
import { POSTGRES } from "../../support/programs.ts"
import { bookIn, bookOf, eventfulShop } from "../../support/stores/book.ts"

/* The kind is that of test/stack/redis/access.test.ts: a right that nobody uses until somebody steals it. */
const { afterAll, describe, shared, test } = needs(POSTGRES)

const DROP = { id: "drop", number: 1 }
const WRITER = "doorbuster_writer"
const READER = "doorbuster_reader"

const cluster = await shared(() => Cluster.start())
const owner = await shared(async () => cluster.urlAt(cluster.port, await cluster.createDatabase()))
const shop = await shared(eventfulShop)
await shared(async () => {
  const ledger = new PostgresLedger({ url: owner })
  await ledger.ready()
  await ledger[Symbol.asyncDispose]()
  const sql = await textOf("deploy/postgres/roles.sql")
  // Twice, because it is run after every release.
  for (let run = 0; run < 2; run++) await cluster.query(sql, [], owner)
  for (const role of [WRITER, READER]) await cluster.query(`ALTER ROLE ${role} PASSWORD '${role}'`, [], owner)
})
afterAll(() => cluster[Symbol.asyncDispose]())

function urlOf(role: string): string {
  const url = new URL(owner)
  Object.assign(url, { username: role, password: role })
  return url.href
}

const told = (role: string, sql: string) =>
  cluster.query(sql, [], urlOf(role)).then(
    () => "done",
    (error: Error) => error.message,
  )

const FOR_NOBODY = [
  "UPDATE facts SET hash = 'x'",
  "DELETE FROM facts",
  "UPDATE seals SET seal = 'x'",
  "DELETE FROM seals",
  "DELETE FROM orders",
  "DELETE FROM sales",
  "TRUNCATE facts",
  "DROP TABLE facts",
  "ALTER TABLE facts ADD COLUMN more text",
  "CREATE TABLE more (more text)",
  "CREATE TEMPORARY TABLE more (more text)",
  "CREATE INDEX ON facts (at)",
  "CREATE FUNCTION more() RETURNS int LANGUAGE sql AS 'SELECT 1'",
  "UPDATE orders SET customer = 'me'",
  "UPDATE orders SET quantity = 100",
  "UPDATE sales SET id = 'other'",
  "UPDATE system SET id = 'other'",
  "INSERT INTO migrations (number, name, kind) VALUES (99, 'x', 'breaking')",
  "CREATE ROLE another",
]

describe("the writer", () => {
  test("writes and reads every kind of fact", async () => {
    const { facts } = await bookOf(shop)
    await using ledger = new PostgresLedger({ url: urlOf(WRITER) })
    expect(await ledger.claim("a-system-of-the-tests")).toBe("a-system-of-the-tests")
    for (const fact of facts) await ledger.append(DROP, 1, [fact])
    await ledger.fence(DROP, 2)
    const page = { firstSeq: 1, lastSeq: 1, digests: ["ab".repeat(32)], seal: "cd".repeat(32) }
    await ledger.seals.keep("drop", page)
    expect(await ledger.seals.last("drop")).toEqual(page)
    expect(await bookIn(ledger)).toEqual(await bookOf(shop))
    await using leadership = await ledger.tryLead()
    expect(leadership?.lost.aborted).toBe(false)
  })

  test.each(FOR_NOBODY)("may not %s", async sql => {
    expect(await told(WRITER, sql)).toMatch(/permission denied|must be owner/)
  })
})

describe("the reader", () => {
  test("reads what the ledger has", async () => {
    await using ledger = new PostgresLedger({ url: urlOf(READER) })
    expect(await bookIn(ledger)).toEqual(await bookOf(shop))
  })

  test.each([
    ...FOR_NOBODY,
    "INSERT INTO facts (sale, seq, at, kind, hash) VALUES (1, 99, 0, 'held', 'x')",
    "INSERT INTO system (id) VALUES ('x')",
    "UPDATE stock SET free = 100",
    "UPDATE orders SET state = 'confirmed'",
    "SELECT FROM sales FOR UPDATE",
  ])("may not %s", async sql => {
    expect(await told(READER, sql)).toMatch(/permission denied|must be owner/)
  })
})

test("neither can pass its rights on", async () => {
  // PostgreSQL only warns.
  for (const role of [WRITER, READER]) await told(role, "GRANT SELECT ON facts TO PUBLIC")
  await cluster.query("CREATE ROLE stranger", [], owner)
  expect(await cluster.query("SELECT has_table_privilege('stranger', 'facts', 'SELECT') AS may", [], owner)).toEqual([
    { may: false },
  ])
})
