import { expect } from "bun:test"
import pg from "pg"
import { chainText, type Fact } from "../../../src/core/fact.ts"
import { sha1 } from "../../../src/runtime/sha1.ts"
import { PostgresLedger } from "../../../src/stack/postgres/ledger.ts"
import { migrate } from "../../../src/stack/postgres/migrate.ts"
import ledgerSql from "../../../src/stack/postgres/migrations/001-ledger.sql" with { type: "text" }
import { needs } from "../../support/needs.ts"
import { Cluster } from "../../support/postgres.ts"
import { POSTGRES } from "../../support/programs.ts"
import { expectOldData, OLD_NOW, OLD_ROWS } from "../../support/schema-1/old-data.ts"

const ALL = 1000
const { afterAll, shared, test } = needs(POSTGRES)

const cluster = await shared(() => Cluster.start())
afterAll(() => cluster[Symbol.asyncDispose]())

/** A ledger as the release before migration 2 left it; returns its URL. */
async function oldLedger(): Promise<string> {
  const url = cluster.urlAt(cluster.port, await cluster.createDatabase())
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await migrate(client, [{ number: 1, name: "ledger", sql: ledgerSql }])
  await client.end()
  // A store without epochs wrote these rows.
  await cluster.query("ALTER TABLE sales ALTER epoch SET DEFAULT 1", [], url)
  await cluster.query(OLD_ROWS, [], url)
  await cluster.query("ALTER TABLE sales ALTER epoch DROP DEFAULT", [], url)
  return url
}

test("given a ledger from before migration 2, opening it migrates every order and fact, and it accepts new ones", async () => {
  const ledger = new PostgresLedger({ url: await oldLedger() })
  for (const id of ["drop", "flash"] as const) {
    expectOldData(id, await ledger.orders(id, 0, ALL), await ledger.facts(id, 0, ALL))
  }
  const held = (await ledger.facts("drop", 13, 1))[0]!
  const rest: Omit<Fact, "hash"> = { ...held, seq: 15, at: OLD_NOW, kind: "confirmed", free: 2, held: 0, sold: 3 }
  await ledger.append({ id: "drop", number: 1 }, 1, [{ ...rest, hash: sha1(chainText(held.hash, rest)) }])
  expect(await ledger.order("A14-A006")).toMatchObject({ state: "confirmed", seq: 15 })
  expect((await ledger.orders("drop", 6, ALL)).map(({ id }) => id)).toEqual(["A14-A006"])
  await ledger[Symbol.asyncDispose]()
})
