import { type Logger, pino } from "pino"

export type Log = Logger

/** Writes JSON lines to stdout. No caller passes it tokens, secrets or cookies. */
export function openLog(level: string, node?: string): Log {
  return pino({ level, base: node === undefined ? {} : { node }, timestamp: pino.stdTimeFunctions.isoTime })
}
