import { type Logger, pino } from "pino"

export type Log = Logger

/** JSON lines on stdout. Tokens, secrets and cookies are never given to it. */
export function openLog(level: string, node?: string): Log {
  return pino({ level, base: node === undefined ? {} : { node }, timestamp: pino.stdTimeFunctions.isoTime })
}
