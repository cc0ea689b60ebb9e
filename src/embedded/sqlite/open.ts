import { Database } from "bun:sqlite"
import { InventoryFault } from "../../core/ports/inventory.ts"
import journal from "./journal.sql" with { type: "text" }
import schema from "./schema.sql" with { type: "text" }

/** Older versions can corrupt a file in WAL mode (https://sqlite.org/wal.html#walresetbug). */
const SQLITE_VERSION_MIN = "3.51.3"
const SCHEMA_VERSION = 6
/** Before it, facts were rows of a table. */
const JOURNAL_VERSION = 6
/** Statements that upgrade a file from schema 1 to 2, and so on. */
const MIGRATIONS = [
  "ALTER TABLE orders RENAME COLUMN created_by TO created_seq; ALTER TABLE facts ADD COLUMN data TEXT",
  `CREATE TABLE uses (sale INTEGER NOT NULL, use TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (sale, use))
      STRICT, WITHOUT ROWID`,
  "CREATE TABLE system (id TEXT NOT NULL, machine TEXT NOT NULL, folder TEXT NOT NULL, inode TEXT NOT NULL) STRICT",
  `CREATE TABLE seals (sale INTEGER NOT NULL, first_seq INTEGER NOT NULL, last_seq INTEGER NOT NULL, seal TEXT NOT NULL,
      digests BLOB NOT NULL, PRIMARY KEY (sale, first_seq)) STRICT`,
  journal,
]
/**
 * Pages of 4 KiB between checkpoints, 8 MiB of log in all. The log soon stops growing and is written over, which an fsync
 * finds cheaper; see docs/decisions/0035.
 */
const CHECKPOINT_PAGES = 2048
/** 32 MiB: the index of a million customers' orders stays in memory. */
const CACHE_KIB = 32_768

/** Opens or creates the file and locks out all other processes. Throws an `InventoryFault` of one sentence. */
export function openDatabase(file: string): Database {
  let database: Database | undefined
  try {
    database = new Database(file, { create: true, strict: true })
    database.run("PRAGMA locking_mode = EXCLUSIVE")
    database.run("PRAGMA journal_mode = WAL")
    database.run("PRAGMA synchronous = FULL")
    database.run("PRAGMA mmap_size = 0")
    database.run(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`)
    database.run(`PRAGMA cache_size = -${CACHE_KIB}`)
    assertSettings(database)
    migrate(database, file)
    return database
  } catch (error) {
    database?.close()
    throw refusal(error as Error, file)
  }
}

/** Explains in one sentence why the file cannot be used. */
export function refusal(error: Error & { code?: string }, file: string): InventoryFault {
  return error instanceof InventoryFault ? error : new InventoryFault(explain(error, file), true)
}

function assertSettings(database: Database): void {
  const expect = (setting: string, actual: unknown, wanted: unknown) => {
    if (actual !== wanted) throw new InventoryFault(`SQLite's ${setting} is ${actual}, but must be ${wanted}.`, true)
  }
  const version = database.query<{ version: string }, []>("SELECT sqlite_version() AS version").get()!.version
  if (Bun.semver.order(version, SQLITE_VERSION_MIN) < 0) {
    throw new InventoryFault(`SQLite ${version} is too old: ${SQLITE_VERSION_MIN} or later is needed.`, true)
  }
  expect("journal_mode", pragma(database, "journal_mode"), "wal")
  expect("synchronous", pragma(database, "synchronous"), 2)
  expect("locking_mode", pragma(database, "locking_mode"), "exclusive")
}

function migrate(database: Database, file: string): void {
  const version = pragma(database, "user_version") as number
  if (version > SCHEMA_VERSION) {
    throw new InventoryFault(`${file} was written by a newer Doorbuster (schema ${version}).`, true)
  }
  const tables = database.query<{ name: string }, []>("SELECT name FROM sqlite_master WHERE type = 'table'").all()
  const ours = version < JOURNAL_VERSION ? "facts" : "journal"
  const isOurs = version > 0 && tables.some(({ name }) => name === ours)
  if (!isOurs && tables.length > 0) throw new InventoryFault(`${file} is not a Doorbuster database.`, true)
  if (isOurs && version === SCHEMA_VERSION) return
  database.transaction(() => {
    if (isOurs) upgrade(database, version)
    else database.run(schema)
    database.run(`PRAGMA user_version = ${SCHEMA_VERSION}`)
  })()
}

function upgrade(database: Database, version: number): void {
  for (const statements of MIGRATIONS.slice(version - 1)) database.run(statements)
}

function pragma(database: Database, name: string): unknown {
  return Object.values(database.query<Record<string, unknown>, []>(`PRAGMA ${name}`).get()!)[0]
}

function explain(error: Error & { code?: string }, file: string): string {
  if (error.code?.startsWith("SQLITE_BUSY")) return `${file} is in use by another process.`
  if (error.code === "SQLITE_NOTADB") return `${file} is not a Doorbuster database.`
  return `${file} cannot be opened: ${error.message}.`
}
