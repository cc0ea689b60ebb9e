import { dataText, type FactData } from "./fact-data.ts"
import type { Millis, Money, NewSale, Terms } from "./sale.ts"

/** The kinds that this build writes. `stocked` gives an item its units; the last three are the transitions of an order. */
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
 * One transition of one sale. Facts are appended, never edited, and rebuild everything else. A newer build may have
 * written kinds and reasons that this one does not know: they are kept, chained and shown like all others. What a new
 * kind says beyond these fields goes into `data`, so that no store, protocol or schema changes for it; see
 * docs/decisions/0024.
 */
export interface Fact {
  saleId: string
  /** Rises by one per fact of a sale, from 1. */
  seq: number
  at: Millis
  /** One of `FACT_KINDS`, or a newer build's. */
  kind: string
  sku?: string
  orderId?: string
  customerId?: string
  key?: string
  /** Units that moved. */
  quantity?: number
  unitPrice?: Money
  payBefore?: Millis
  /** A `ReleaseReason`, or a newer build's. */
  reason?: string
  /** The item's stock after this fact. */
  free?: number
  held?: number
  sold?: number
  /** What `created` and `amended` decided. */
  terms?: NewSale | Terms
  /** Absent from facts of version 1. */
  data?: FactData
  /** `hash(previous hash | every field above)`: a lost, altered or reordered fact breaks the chain. */
  hash: string
}

/** One way only: text -> hexadecimal digest. Stores choose none of their own; see docs/decisions/0003. */
export type Hash = (text: string) => string

/** What the chain's first fact follows. */
export const GENESIS = ""

/** What follows the stock in the text of a fact with data; in a fact of version 1, `terms` do. */
const VERSION_2 = "2"

/**
 * The text whose digest is `fact.hash`. Identifiers and data hold no `|`; `terms`, which may, come last. A fact without
 * data has the text that it has always had, version 1; the text of one with data cannot be mistaken for such a text,
 * because terms are a JSON object or nothing.
 */
export function chainText(previousHash: string, fact: Omit<Fact, "hash">): string {
  return [
    previousHash,
    fact.saleId,
    fact.seq,
    fact.at,
    fact.kind,
    fact.sku,
    fact.orderId,
    fact.customerId,
    fact.key,
    fact.quantity,
    fact.unitPrice?.amount,
    fact.unitPrice?.currency,
    fact.payBefore,
    fact.reason,
    fact.free,
    fact.held,
    fact.sold,
    ...(fact.data === undefined ? [] : [VERSION_2, dataText(fact.data)]),
    fact.terms && JSON.stringify(fact.terms),
  ].join("|")
}
