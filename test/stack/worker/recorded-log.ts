import { Writable } from "node:stream"
import { pino } from "pino"
import type { Log } from "../../../src/observability/log.ts"

export interface LogLine {
  level: number
  msg: string
  [field: string]: unknown
}

/** A log whose lines a test reads. */
export class RecordedLog {
  readonly lines: LogLine[] = []
  readonly pino: Log = pino(
    { base: {}, timestamp: false },
    new Writable({
      write: (chunk, _, done) => {
        this.lines.push(JSON.parse(String(chunk)))
        done()
      },
    }),
  )

  count(msg: string): number {
    return this.lines.filter(line => line.msg === msg).length
  }
}
