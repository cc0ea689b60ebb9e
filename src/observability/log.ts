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
    process.stdout.write(`${ascii(line.trimEnd())}\n`)
  } catch (error) {
    process.stdout.emit("error", error)
  }
}

/** JSON escapes the controls of ASCII; a terminal that shows the log obeys others as well. */
function ascii(line: string): string {
  return line.replace(/[^ -~]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
}
