import { readdirSync, statSync } from "node:fs"
import { join } from "node:path"

/** The sizes of all files in a folder. A file that is being replaced may be gone before it is read. */
export function folderBytes(folder: string): number {
  let bytes = 0
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) bytes += statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0
  }
  return bytes
}
