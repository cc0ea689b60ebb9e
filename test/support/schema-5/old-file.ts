import { Database } from "bun:sqlite"
import { readFileSync } from "node:fs"
import { join } from "node:path"

/** Two sales with every kind of fact, orders in every state, used keys and a sealed page, as the last commit with schema 5 wrote them. */
const ROWS_5 = readFileSync(join(import.meta.dir, "rows.sql"), "utf8")
/** When the last of those facts was written. */
export const NOW_5 = Date.UTC(2026, 10, 20, 12, 1, 5, 500)

/** A file of the embedded system as schema 5 left it: facts are rows of a table. */
export function writeFile5(file: string): void {
  const database = new Database(file)
  database.run("PRAGMA journal_mode = WAL")
  database.run(readFileSync(join(import.meta.dir, "sqlite.sql"), "utf8"))
  database.run(ROWS_5)
  database.run("PRAGMA user_version = 5")
  database.close()
}

/** The facts as that release wrote them, in the columns of its table. */
export function facts5(saleNumber: number): Record<string, unknown>[] {
  const database = new Database(":memory:")
  database.run(readFileSync(join(import.meta.dir, "sqlite.sql"), "utf8"))
  database.run(ROWS_5)
  const facts = database.query("SELECT * FROM facts WHERE sale = ? ORDER BY seq").all(saleNumber)
  database.close()
  return facts as Record<string, unknown>[]
}
