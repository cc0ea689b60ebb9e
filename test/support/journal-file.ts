import type { Database } from "bun:sqlite"

/** Where a line of the journal has what, between its bars. */
export const FIELD = { hash: 0, seq: 1, kind: 3, customer: 6, key: 7 } as const

/**
 * Changes the journal of an embedded system's file behind its back: `change` gets the fields of every fact. A fact for which it
 * returns undefined is gone. Returns how many facts are different.
 */
export function tamper(database: Database, change: (fields: string[], seq: number) => string[] | undefined): number {
  let changed = 0
  for (const { id, facts } of database
    .query<{ id: number; facts: string }, []>("SELECT id, facts FROM journal")
    .all()) {
    const before = facts.split("\n")
    const after = before.flatMap(line => {
      const fields = line.split("|")
      return change(fields, Number(fields[FIELD.seq]))?.join("|") ?? []
    })
    changed += before.filter(line => !after.includes(line)).length
    if (after.length === 0) database.run("DELETE FROM journal WHERE id = ?", [id])
    else database.run("UPDATE journal SET facts = ? WHERE id = ?", [after.join("\n"), id])
  }
  return changed
}
