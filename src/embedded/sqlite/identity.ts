import type { Database } from "bun:sqlite"
import { readFileSync, realpathSync, statSync } from "node:fs"
import { dirname } from "node:path"
import { InventoryFault } from "../../core/ports/inventory.ts"

/** Where a file is. A copy has another inode than its original, and lies in another folder or on another machine. */
export interface Place {
  /** Empty where the machine has no id, as in a container. */
  machine: string
  folder: string
  inode: string
}

type Row = Place & { id: string }

/** The place of an existing file. */
export function placeOf(file: string): Place {
  return {
    machine: machineId(),
    folder: realpathSync(dirname(file)),
    inode: statSync(file, { bigint: true }).ino.toString(),
  }
}

/**
 * Returns the identity of the system that the file belongs to, and remembers where the file is. A file of an earlier release
 * gets `newId`. Throws a fault of one sentence if it is a copy of a file that was in use elsewhere, unless it is
 * to take the original's place: two systems that sell the same units would sell each of them twice.
 */
export function identify(database: Database, now: Place, takesPlace: boolean, newId: string): string {
  const before = database.query<Row, []>("SELECT * FROM system").get()
  if (before && isCopy(before, now) && !takesPlace) {
    throw new InventoryFault(
      `The file in ${now.folder} is a copy of the one in ${before.folder}, and both would sell the same units: start it with --adopt if the original will never run again.`,
      true,
    )
  }
  const id = before?.id ?? newId
  database.transaction(() => {
    database.run("DELETE FROM system")
    database.run("INSERT INTO system (id, machine, folder, inode) VALUES (?, ?, ?, ?)", [
      id,
      now.machine,
      now.folder,
      now.inode,
    ])
  })()
  return id
}

/** A backup that was restored in its own place is not: there is no original any more. Nor is a folder that was moved. */
function isCopy(before: Place, now: Place): boolean {
  if (before.inode === now.inode) return false
  const isOtherMachine = before.machine !== "" && now.machine !== "" && before.machine !== now.machine
  return before.folder !== now.folder || isOtherMachine
}

function machineId(): string {
  try {
    return readFileSync("/etc/machine-id", "utf8").trim()
  } catch {
    return ""
  }
}
