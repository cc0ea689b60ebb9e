import { closeSync, openSync, writeSync } from "node:fs"
import { CliError, messageOf } from "../cli-error.ts"
import type { AttemptResult } from "./http/attempt-result.ts"

/** What one request asks for. */
export interface PurchaseIntent {
  sale: string
  customer: string
  key: string
  sku: string
  quantity: number
}

/** Answers are buffered up to 64 kB, which is one cheap write. */
const BUFFER_CHARS_MAX = 65_536

/**
 * Writes every request and its answer as JSON lines. A request's line is in the file before its bytes are sent, so that
 * everything that took effect is on record, even if this process is killed.
 */
export class HistoryWriter {
  readonly #fd: number
  #buffer = ""
  #op = 0

  /** Throws `CliError` when the file cannot be written. */
  constructor(private readonly file: string) {
    try {
      this.#fd = openSync(file, "w")
    } catch (error) {
      throw new CliError(`${file} cannot be written: ${messageOf(error)}.`)
    }
  }

  /** Returns the operation's number, for `done`. */
  invoke(intent: PurchaseIntent): number {
    const op = ++this.#op
    this.#buffer += `${JSON.stringify({ type: "invoke", op, t: micros(), ...intent })}\n`
    this.#flush()
    return op
  }

  done(op: number, result: AttemptResult): void {
    const { type, status, code, seq, node } = result
    const { orderId, state, replayed } = result.type === "ok" ? result : {}
    const line = { type, op, t: micros(), status, code, orderId, state, seq, node, replayed }
    this.#buffer += `${JSON.stringify(line)}\n`
    if (this.#buffer.length > BUFFER_CHARS_MAX) this.#flush()
  }

  close(): void {
    this.#flush()
    closeSync(this.#fd)
  }

  #flush(): void {
    const bytes = Buffer.from(this.#buffer)
    this.#buffer = ""
    try {
      for (let sent = 0; sent < bytes.length; ) sent += writeSync(this.#fd, bytes, sent)
    } catch (error) {
      throw new CliError(`${this.file} cannot be written: ${messageOf(error)}.`)
    }
  }
}

/** Microseconds since 1970 on a clock that only rises: it is set to the time of day when this process starts. */
function micros(): number {
  return Math.round((performance.timeOrigin + performance.now()) * 1000)
}
