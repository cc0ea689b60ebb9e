import { dataText, type FactData } from "./fact-data.ts"
import type { Millis, Money, NewSale, Terms } from "./sale.ts"

/** The kinds that this build writes. `stocked` adds units to an item; the last three are transitions of an order. */
const FACT_KINDS = [
  "created",
  "amended",
  "paused",
  "resumed",
  "closed",
  "stocked",
  "held",
  "confirmed",
  "released",
] as const

export type FactKind = (typeof FACT_KINDS)[number]

export function isKnownKind(kind: string): kind is FactKind {
  return (FACT_KINDS as readonly string[]).includes(kind)
}

/**
 * One transition of one sale. Facts are appended, never edited, and everything else can be rebuilt from them. A newer
 * build may have written kinds and reasons that this one does not know; this build keeps, chains and shows them like
 * all others. A new kind puts its own fields into `data`, so that no store, protocol or schema has to change; see
 * docs/decisions/0024.
 */
export interface Fact {
  saleId: string
  /** Rises by one per fact of a sale, from 1. */
  seq: number
  at: Millis
  /** One of `FACT_KINDS`, or a newer build's. */
  kind: string
  sku?: string | undefined
  orderId?: string | undefined
  customerId?: string | undefined
  key?: string | undefined
  /** Units that moved. */
  quantity?: number | undefined
  unitPrice?: Money | undefined
  payBefore?: Millis | undefined
  /** A `ReleaseReason`, or a newer build's. */
  reason?: string | undefined
  /** The item's stock after this fact. */
  free?: number | undefined
  held?: number | undefined
  sold?: number | undefined
  /** The terms that `created` and `amended` set. */
  terms?: NewSale | Terms | undefined
  /** Absent from facts of version 1. */
  data?: FactData | undefined
  /** `hash(previous hash | every field above)`. A lost, altered or reordered fact breaks the chain. */
  hash: string
}

/** Digests a text into hexadecimal. Every store uses the same function; see docs/decisions/0003. */
export type Hash = (text: string) => string

/** The previous hash of the chain's first fact. */
export const GENESIS = ""

/** Follows the stock in the text of a fact with data. In a fact of version 1, `terms` follow it. */
const VERSION_2 = "2"

/**
 * The text whose digest is `fact.hash`. Identifiers and data contain no `|`; `terms` may contain it and come last. The
 * text of a fact without data is version 1 and has never changed. The text of a fact with data cannot equal it, because
 * in version 1 the stock is followed by a JSON object or by nothing.
 */
export function chainText(previousHash: string, fact: Omit<Fact, "hash">): string {
  return chained(previousHash, fact.saleId, factText(fact))
}

/** The chain text of a fact, from its own text. */
export function chained(previousHash: string, saleId: string, text: string): string {
  return `${previousHash}|${saleId}|${text}`
}

/** What a fact says by itself: its chain text without its sale and without the hash before it. It has no line breaks. */
export function factText(fact: Omit<Fact, "hash" | "saleId">): string {
  const { seq, at, kind, sku, orderId, customerId, key, quantity, unitPrice, payBefore, reason, free, held, sold } =
    fact
  const { amount, currency } = unitPrice ?? {}
  // A purchase spends a tenth of its time here, and a template is a third faster than joining a list.
  const subject = `${seq}|${at}|${kind}|${or(sku)}|${or(orderId)}|${or(customerId)}|${or(key)}|${or(quantity)}`
  const rest = `${or(amount)}|${or(currency)}|${or(payBefore)}|${or(reason)}|${or(free)}|${or(held)}|${or(sold)}`
  const data = fact.data === undefined ? "" : `${VERSION_2}|${dataText(fact.data)}|`
  return `${subject}|${rest}|${data}${fact.terms === undefined ? "" : JSON.stringify(fact.terms)}`
}

/** An absent field is empty. */
function or(field: string | number | undefined): string | number {
  return field === undefined ? "" : field
}

/** The fact of this sale that has this text and this hash. */
export function factOfText(saleId: string, text: string, hash: string): Fact {
  const fields = text.split("|")
  const [seq, at, kind, sku, orderId, customerId, key, quantity, amount, currency, payBefore, reason] = fields
  const [free, held, sold, next, data] = fields.slice(12)
  const hasData = next === VERSION_2
  const terms = fields.slice(hasData ? 17 : 15).join("|")
  return {
    saleId,
    seq: Number(seq),
    at: Number(at),
    kind: kind ?? "",
    sku: sku || undefined,
    orderId: orderId || undefined,
    customerId: customerId || undefined,
    key: key || undefined,
    quantity: numberOf(quantity),
    unitPrice: amount && currency ? { amount: Number(amount), currency } : undefined,
    payBefore: numberOf(payBefore),
    reason: reason || undefined,
    free: numberOf(free),
    held: numberOf(held),
    sold: numberOf(sold),
    terms: terms === "" ? undefined : JSON.parse(terms),
    data: hasData ? JSON.parse(data ?? "") : undefined,
    hash,
  }
}

function numberOf(text: string | undefined): number | undefined {
  return text ? Number(text) : undefined
}
