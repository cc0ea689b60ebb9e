import type { ReleaseReason } from "./order.ts"
import type { Millis, Money, NewSale, Terms } from "./sale.ts"

/** `stocked` gives an item its units; the last three are the transitions of an order. */
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

/** One transition of one sale. Facts are appended, never edited, and rebuild everything else. */
export interface Fact {
  saleId: string
  /** Rises by one per fact of a sale, from 1. */
  seq: number
  at: Millis
  kind: FactKind
  sku?: string
  orderId?: string
  customerId?: string
  key?: string
  /** Units that moved. */
  quantity?: number
  unitPrice?: Money
  payBefore?: Millis
  reason?: ReleaseReason
  /** The item's stock after this fact. */
  free?: number
  held?: number
  sold?: number
  /** What `created` and `amended` decided. */
  terms?: NewSale | Terms
  /** `hash(previous hash | every field above)`: a lost, altered or reordered fact breaks the chain. */
  hash: string
}

/** One way only: text -> hexadecimal digest. Stores choose none of their own; see docs/decisions/0003. */
export type Hash = (text: string) => string

/** What the chain's first fact follows. */
export const GENESIS = ""

/** The text whose digest is `fact.hash`. Identifiers hold no `|`; `terms`, which may, come last. */
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
    fact.terms && JSON.stringify(fact.terms),
  ].join("|")
}
