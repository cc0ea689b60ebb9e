import type { Client } from "pg"
import { LedgerFault } from "../../core/ports/ledger.ts"
import ledger from "./migrations/001-ledger.sql" with { type: "text" }
import createdSeq from "./migrations/002-created-seq.sql" with { type: "text" }
import system from "./migrations/003-system.sql" with { type: "text" }
import seals from "./migrations/004-seals.sql" with { type: "text" }

/**
 * In order, and never edited once released. A file begins with `-- breaking` if an older server would read or write the
 * schema wrongly afterwards, otherwise with `-- additive`.
 */
const MIGRATIONS = [
  { number: 1, name: "ledger", sql: ledger },
  { number: 2, name: "created-seq", sql: createdSeq },
  { number: 3, name: "system", sql: system },
  { number: 4, name: "seals", sql: seals },
]

/** The key of the advisory lock that lets one server migrate at a time. Any number will do. */
const MIGRATOR_LOCK = 7_301_001

/** Once the table exists, a user who may only read can run this too. */
const CREATE_MIGRATIONS = `DO $$ BEGIN IF to_regclass('migrations') IS NULL THEN
  CREATE TABLE migrations (
    number bigint PRIMARY KEY, name text NOT NULL, kind text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now());
  END IF; END $$`

/** Brings the schema up to date. Throws if a newer server has made a breaking change. */
export async function migrate(client: Client, migrations = MIGRATIONS): Promise<void> {
  await client.query("SELECT pg_advisory_lock($1)", [MIGRATOR_LOCK])
  try {
    await client.query(CREATE_MIGRATIONS)
    const { rows } = await client.query<{ number: number; name: string; kind: string }>(
      "SELECT number, name, kind FROM migrations ORDER BY number",
    )
    const latest = migrations.at(-1)?.number ?? 0
    const ahead = rows.find(({ number, kind }) => number > latest && kind === "breaking")
    if (ahead) {
      throw new LedgerFault(
        "unfit",
        `The ledger was changed by a newer Doorbuster (migration ${ahead.number}, ${ahead.name}); this one must be updated.`,
      )
    }
    const applied = new Set(rows.map(({ number }) => number))
    for (const migration of migrations) if (!applied.has(migration.number)) await apply(client, migration)
  } finally {
    await client.query("SELECT pg_advisory_unlock($1)", [MIGRATOR_LOCK])
  }
}

async function apply(client: Client, { number, name, sql }: (typeof MIGRATIONS)[number]): Promise<void> {
  const kind = sql.startsWith("-- breaking\n") ? "breaking" : "additive"
  await client.query("BEGIN")
  try {
    await client.query(sql)
    await client.query("INSERT INTO migrations (number, name, kind) VALUES ($1, $2, $3)", [number, name, kind])
    await client.query("COMMIT")
  } catch (error) {
    await client.query("ROLLBACK")
    throw error
  }
}
