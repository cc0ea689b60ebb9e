import { type Logger, pino } from "pino"

export type Log = Logger

/** Writes JSON lines to stdout. No caller passes it tokens, secrets or cookies. A line that cannot be written is lost. */
export function openLog(level: string, node?: string): Log {
  const base = node === undefined ? {} : { node }
  // An error that nobody listens to would end the process: a full disk under the log would end the sale.
  if (process.stdout.listenerCount("error") === 0) process.stdout.on("error", () => {})
  return pino({ level, base, timestamp: pino.stdTimeFunctions.isoTime }, { write: writeLine })
}

function writeLine(line: string): void {
  try {
    process.stdout.write(line)
  } catch (error) {
    process.stdout.emit("error", error)
  }
}
