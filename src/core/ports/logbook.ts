import type { Millis } from "../sale.ts"

/** Something that an administrator did, or that somebody tried in their name. */
export interface Entry {
  at: Millis
  /** The operation's name in the API, such as `killNode`. */
  action: string
  /** The sale, item, order or node that it was done to. */
  subject?: string
  /** What it was answered with, as HTTP status; absent when it was entered as it began. */
  status?: number
  /** Where the request came from. */
  address: string
  /** The replica that took it. */
  node: string
}

/** Entries that a logbook keeps at hand: a launch night has fewer. */
export const ENTRIES_MAX = 500

/** Who did what to the system and when, beside the journal, which tells of sales alone. */
export interface Logbook {
  enter(entry: Entry): Promise<void>
  /** The latest `ENTRIES_MAX`, the newest last. */
  entries(): Promise<Entry[]>
}
