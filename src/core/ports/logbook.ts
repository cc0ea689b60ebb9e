import type { Millis } from "../sale.ts"

/** An action of an operator, or of a shop's backend. */
export interface Entry {
  at: Millis
  /** The operation's name in the API, such as `killNode`. */
  action: string
  /** The sale, item, order or node that the action concerned. */
  subject?: string
  /** The HTTP status of the response. Absent if the entry was written when the action began. */
  status?: number
  /** The operator, or the backend. Absent in entries of earlier releases. */
  by?: string
  /** The client's address. */
  address: string
  /** The replica that received the request. */
  node: string
}

const TIME_MAX = 8_640_000_000_000_000

/** The entry that a line of a logbook holds. Undefined if it holds none, as after a power cut or an edit by hand. */
export function entryIn(line: string): Entry | undefined {
  try {
    const read = JSON.parse(line) as Partial<Entry> | null
    const isEntry =
      Number.isInteger(read?.at) &&
      Math.abs(read?.at ?? 0) <= TIME_MAX &&
      [read?.action, read?.address, read?.node].every(text => typeof text === "string") &&
      ["string", "undefined"].includes(typeof read?.subject) &&
      ["number", "undefined"].includes(typeof read?.status)
    return isEntry ? (read as Entry) : undefined
  } catch {
    return undefined
  }
}

/** Entries that a logbook keeps. A launch night has fewer. */
export const ENTRIES_MAX = 500

/** Wrong tokens that came from one subnet in one minute. They are counted apart, so that they push no entry out. */
export interface FailedSignIns {
  /** When the minute began. */
  at: Millis
  /** An address, or the first half of an IPv6 address; `others` for those beyond the first `SUBNETS_MAX` of a minute. */
  subnet: string
  count: number
}

/** Rows of failed sign-ins that a logbook keeps. */
export const FAILURES_MAX = 500

/** Records administrators' actions on the whole system. The journal only covers sales. */
export interface Logbook {
  enter(entry: Entry): Promise<void>
  /** The latest `ENTRIES_MAX` entries, the newest last. */
  entries(): Promise<Entry[]>
  /** Adds the counts to those of the same minute and subnet. */
  addFailures(rows: readonly FailedSignIns[]): Promise<void>
  /** The latest `FAILURES_MAX` rows, the newest last. */
  failures(): Promise<FailedSignIns[]>
}

/** The rows with `more` added to those of the same minute and subnet: the latest `FAILURES_MAX`, the newest last. */
export function addedUp(rows: readonly FailedSignIns[], more: readonly FailedSignIns[]): FailedSignIns[] {
  const sums = new Map<string, FailedSignIns>()
  for (const row of [...rows, ...more]) {
    const key = `${row.at} ${row.subnet}`
    sums.set(key, { ...row, count: row.count + (sums.get(key)?.count ?? 0) })
  }
  return [...sums.values()].sort((one, other) => one.at - other.at).slice(-FAILURES_MAX)
}
