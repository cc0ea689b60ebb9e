import { accessSync, constants, createReadStream, type Stats, statSync } from "node:fs"
import { type HistoryLine, parseHistoryLine } from "../../audit/history.ts"
import { CliError, messageOf } from "../cli-error.ts"

/** A history as it was when the audit began. Later lines may name facts that the audit has not read. */
export class HistoryFile {
  readonly #bytes: number

  /** Throws `CliError` when the file cannot be read. */
  constructor(private readonly file: string) {
    const found = readable(file)
    if (found.isDirectory()) {
      throw new CliError(`${file} is a folder: --history takes the file that attack --history has written.`)
    }
    this.#bytes = found.size
  }

  /** All complete lines. A last line without its end is left out. Throws `CliError` for a line that is malformed. */
  async *lines(): AsyncGenerator<HistoryLine> {
    if (this.#bytes === 0) return
    let number = 0
    let rest = ""
    for await (const chunk of createReadStream(this.file, { encoding: "utf8", end: this.#bytes - 1 })) {
      const lines = `${rest}${chunk}`.split("\n")
      rest = lines.pop() ?? ""
      for (const line of lines) {
        number++
        if (line !== "") yield this.#parse(line, number)
      }
    }
  }

  /** The ids of all sales that have requests in the history. */
  async sales(): Promise<Set<string>> {
    const ids = new Set<string>()
    for await (const line of this.lines()) if (line.type === "invoke") ids.add(line.sale)
    return ids
  }

  #parse(line: string, number: number): HistoryLine {
    try {
      return parseHistoryLine(line)
    } catch (error) {
      throw new CliError(`${this.file}, line ${number}: ${messageOf(error)}`)
    }
  }
}

function readable(file: string): Stats {
  try {
    accessSync(file, constants.R_OK)
    return statSync(file)
  } catch (error) {
    throw new CliError(`${file} cannot be read: ${messageOf(error)}.`)
  }
}
