import { closeSync, openSync, writeSync } from "node:fs"
import { CliError } from "../cli-error.ts"
import type { AttemptResult } from "./http/attempt-result.ts"

export interface PurchaseIntent {
  sale: string
  customer: string
  key: string
  sku: string
  quantity: number
}

/** Lines of answers that wait for the next request's line; 64 kB is one cheap write. */
const BUFFER_CHARS_MAX = 65_536

/**
 * What every request meant and how it ended, as JSON lines. A request's line is in the file before its bytes are sent,
 * so whatever took effect is on record even if this process is killed.
 */
export class HistoryWriter {
  #fd: number
  #buffer = ""
  #op = 0

  constructor(private readonly file: string) {
    try {
      this.#fd = openSync(file, "w")
    } catch (error) {
      throw new CliError(`${file} cannot be written: ${reason(error)}.`)
    }
  }

  /** Answers the operation's number, for `done`. */
  invoke(intent: PurchaseIntent): number {
    const op = ++this.#op
    this.#buffer += `${JSON.stringify({ type: "invoke", op, t: micros(), ...intent })}\n`
    this.#flush()
    return op
  }

  done(op: number, answer: AttemptResult): void {
    const { type, status, code, orderId, state, seq, node, replayed } = answer
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
      throw new CliError(`${this.file} cannot be written: ${reason(error)}.`)
    }
  }
}

/** Microseconds on a clock that only rises, set at this process's start to the time of day. */
function micros(): number {
  return Math.round((performance.timeOrigin + performance.now()) * 1000)
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
