import type { Order, ReleaseReason } from "./order.ts"
import type { Outcome } from "./outcome.ts"
import type { Millis, NewSale, Sale, Terms } from "./sale.ts"

/** An attempt to buy. It cannot take effect after `notAfter`. */
export interface Reserve {
  kind: "reserve"
  saleId: string
  sku: string
  customerId: string
  key: string
  quantity: number
  /** Four random characters from `0-9A-Z` that make the order's id unguessable. */
  suffix: string
  /** By the elapsed time of the process that has the attempt, so that no clock that is set makes it late or keeps it alive. */
  notAfter: Millis
}

/** `by` is the customer who asks. It is absent when an administrator asks. */
export interface Confirm {
  kind: "confirm"
  orderId: string
  by?: string | undefined
}

export interface Release {
  kind: "release"
  orderId: string
  by?: string | undefined
  reason: ReleaseReason
  once?: CommandKey | undefined
}

/** An administrator's name for one command about one sale, and the digest of what it asks, by which a repetition is known. */
export interface CommandKey {
  key: string
  digest: string
}

export interface Create {
  kind: "create"
  sale: NewSale
  once?: CommandKey | undefined
}

/** What an administrator may add to any command about a sale that exists. */
interface Named {
  once?: CommandKey | undefined
  /** The command takes effect only if the sale has one of these versions. */
  versions?: readonly number[] | undefined
}

/** `null` removes an optional term. */
export interface Amend extends Named {
  kind: "amend"
  saleId: string
  terms: { [Key in keyof Terms]?: Terms[Key] | null }
}

export interface Steer extends Named {
  kind: "pause" | "resume" | "close"
  saleId: string
}

export interface Restock extends Named {
  kind: "restock"
  saleId: string
  sku: string
  units: number
}

/** An administrator's command about a sale that exists. */
export type SaleCommand = Amend | Steer | Restock

export type Command = Reserve | Confirm | Release | Create | SaleCommand

export interface Answer {
  outcome: Outcome
  /** The sale's last fact when the store decided. It places the answer in the journal. */
  seq?: number | undefined
  /** The order that the command made, found or changed. With `limit_reached`, one that counts against the limit. */
  order?: Order | undefined
  /** The order or the change already existed under the same key. */
  replayed?: true
  /** The number of free units, if it was too small. */
  free?: number | undefined
  /** When another attempt may succeed: when the sale opens, the first hold expires, or the customer has waited. */
  retryAt?: Millis | undefined
  /** The sale after an administrator's command. */
  sale?: Sale
  /** One sentence that explains the outcome where the word alone does not. */
  detail?: string
}
