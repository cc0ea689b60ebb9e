import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs"
import { ENTRIES_MAX, type Entry, type Logbook } from "../core/ports/logbook.ts"

/** Lines of the file before it is written anew with the latest alone: some hundred kilobytes. */
const LINES_MAX = 4 * ENTRIES_MAX

/** A logbook in a file of JSON lines, which people may read as well. */
export class FileLogbook implements Logbook {
  #entries: Entry[]
  #lines: number

  constructor(private readonly file: string) {
    const text = existsSync(file) ? readFileSync(file, "utf8") : ""
    const lines = text.split("\n")
    this.#lines = lines.length
    this.#entries = lines.flatMap(entryOf).slice(-ENTRIES_MAX)
    // A power cut may have left half a line, which would take the next one with it.
    if (text !== "" && !text.endsWith("\n")) this.#shorten()
  }

  async enter(entry: Entry): Promise<void> {
    this.#entries = [...this.#entries, entry].slice(-ENTRIES_MAX)
    if (++this.#lines <= LINES_MAX) appendFileSync(this.file, lineOf(entry), { mode: 0o600 })
    else this.#shorten()
  }

  async entries(): Promise<Entry[]> {
    return this.#entries
  }

  #shorten(): void {
    const next = `${this.file}.next`
    writeFileSync(next, this.#entries.map(lineOf).join(""), { mode: 0o600 })
    renameSync(next, this.file)
    this.#lines = this.#entries.length
  }
}

function lineOf(entry: Entry): string {
  return `${JSON.stringify(entry)}\n`
}

/** Nothing for what is no whole line. */
function entryOf(line: string): Entry[] {
  try {
    return line === "" ? [] : [JSON.parse(line) as Entry]
  } catch {
    return []
  }
}
