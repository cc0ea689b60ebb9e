import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs"

/** A small value that is kept in a JSON file. Only its owner can read it, and a crash leaves the old file or the new one. */
export class JsonFile<Value> {
  #value: Value

  /** `onOdd` gives the value, or throws, if what the file holds is not `valid`. */
  constructor(
    private readonly file: string,
    empty: Value,
    valid: (read: unknown) => read is Value,
    onOdd = () => empty,
  ) {
    const read = existsSync(file) ? parsed(file) : empty
    this.#value = valid(read) ? read : onOdd()
  }

  get value(): Value {
    return this.#value
  }

  /** Throws if the file cannot be written; the value then stays as it was. */
  set(value: Value): void {
    const next = `${this.file}.next`
    writeFileSync(next, `${JSON.stringify(value)}\n`, { mode: 0o600, flush: true })
    renameSync(next, this.file)
    this.#value = value
  }
}

function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"))
  } catch {
    return undefined
  }
}
