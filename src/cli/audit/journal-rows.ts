import type { Fact } from "../../wire/wire.ts"
import { type FileFactRow, factOf } from "./rows.ts"

/** A row's id is its sale's number times this, plus the seq of its last fact. */
export const JOURNAL_FACTS_MAX = 4_294_967_296

/** The facts of one sale that one transaction made. */
export interface FileJournalRow {
  /** The seq of the last of them. */
  seq: number
  /** A line for each: its hash, then the text that was hashed. */
  facts: string
}

/** Stands after the stock in the text of a fact with data. */
const HAS_DATA = "2"

/** Reads the lines with code of the audit's own. A line that is no fact becomes one whose hash cannot be right. */
export function factsOfLines({ facts }: FileJournalRow, saleId: string): Fact[] {
  return facts.split("\n").map(line => factOf(rowOf(line.split("|")), saleId))
}

function rowOf(fields: string[]): FileFactRow {
  const text = (at: number) => fields[at] || null
  const whole = (at: number) => (fields[at] ? Number(fields[at]) : null)
  const hasData = fields[16] === HAS_DATA
  const terms = fields.slice(hasData ? 18 : 16).join("|")
  return {
    hash: fields[0] ?? "",
    seq: Number(fields[1]),
    at: Number(fields[2]),
    kind: fields[3] ?? "",
    sku: text(4),
    order_id: text(5),
    customer: text(6),
    key: text(7),
    quantity: whole(8),
    amount: whole(9),
    currency: text(10),
    pay_before: whole(11),
    reason: text(12),
    free: whole(13),
    held: whole(14),
    sold: whole(15),
    data: hasData ? text(17) : null,
    terms: terms || null,
  }
}
