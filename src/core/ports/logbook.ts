import type { Millis } from "../sale.ts"

/** An action of an administrator, or of a client that claimed to be one. */
export interface Entry {
  at: Millis
  /** The operation's name in the API, such as `killNode`. */
  action: string
  /** The sale, item, order or node that the action concerned. */
  subject?: string
  /** The HTTP status of the response. Absent if the entry was written when the action began. */
  status?: number
  /** The client's address. */
  address: string
  /** The replica that received the request. */
  node: string
}

/** Entries that a logbook keeps. A launch night has fewer. */
export const ENTRIES_MAX = 500

/** Records administrators' actions on the whole system. The journal only covers sales. */
export interface Logbook {
  enter(entry: Entry): Promise<void>
  /** The latest `ENTRIES_MAX` entries, the newest last. */
  entries(): Promise<Entry[]>
}
