import { createReadStream, statSync } from "node:fs"
import { type HistoryLine, parseHistoryLine } from "../../audit/history.ts"
import { CliError, messageOf } from "../cli-error.ts"

/** A history as it was when the audit began. Later lines may name facts that the audit has not read. */
export class HistoryFile {
  readonly #bytes: number

  /** Throws `CliError` when the file cannot be read. */
  constructor(private readonly file: string) {
    try {
      this.#bytes = statSync(file).size
    } catch (error) {
      throw new CliError(`${file} cannot be read: ${messageOf(error)}.`)
    }
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
