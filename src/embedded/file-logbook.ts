import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { ConfigError } from "../config/config.ts"
import { addedUp, ENTRIES_MAX, type Entry, entryIn, type FailedSignIns, type Logbook } from "../core/ports/logbook.ts"
import { JsonFile } from "./json-file.ts"

/** Lines in the file, some hundred kilobytes. A longer one is rewritten with the latest `ENTRIES_MAX` entries. */
const LINES_MAX = 4 * ENTRIES_MAX

/** A logbook in a file of JSON lines, which people can read, too. Failed sign-ins are in a file beside it. */
export class FileLogbook implements Logbook {
  #entries: Entry[]
  #lines: number
  readonly #failures: JsonFile<FailedSignIns[]>

  /** Throws a `ConfigError` if the file cannot be read. Lines that are no entries are left out. */
  constructor(private readonly file: string) {
    this.#failures = new JsonFile<FailedSignIns[]>(join(dirname(file), "failed-sign-ins.json"), [], Array.isArray)
    const text = textOf(file)
    const lines = text.split("\n")
    this.#lines = lines.length
    this.#entries = lines.flatMap(line => entryIn(line) ?? []).slice(-ENTRIES_MAX)
    // A power cut may have left half a line, to which the next entry would be appended.
    if (text !== "" && !text.endsWith("\n")) this.#rewrite()
  }

  async enter(entry: Entry): Promise<void> {
    this.#entries = [...this.#entries, entry].slice(-ENTRIES_MAX)
    if (++this.#lines <= LINES_MAX) appendFileSync(this.file, lineOf(entry), { mode: 0o600 })
    else this.#rewrite()
  }

  async entries(): Promise<Entry[]> {
    return this.#entries
  }

  async addFailures(rows: readonly FailedSignIns[]): Promise<void> {
    this.#failures.set(addedUp(this.#failures.value, rows))
  }

  async failures(): Promise<FailedSignIns[]> {
    return this.#failures.value
  }

  /** Replaces the file by one with the latest entries. */
  #rewrite(): void {
    const next = `${this.file}.next`
    writeFileSync(next, this.#entries.map(lineOf).join(""), { mode: 0o600 })
    renameSync(next, this.file)
    this.#lines = this.#entries.length
  }
}

function lineOf(entry: Entry): string {
  return `${JSON.stringify(entry)}\n`
}

function textOf(file: string): string {
  try {
    return existsSync(file) ? readFileSync(file, "utf8") : ""
  } catch (error) {
    throw new ConfigError(`The logbook ${file} cannot be read: ${(error as Error).message}.`)
  }
}
