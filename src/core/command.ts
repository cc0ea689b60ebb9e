import type { Order, ReleaseReason } from "./order.ts"
import type { Outcome } from "./outcome.ts"
import type { Millis, NewSale, Sale, Terms } from "./sale.ts"

/** An attempt to buy. After `notAfter` (the store's clock) it can no longer take effect. */
export interface Reserve {
  kind: "reserve"
  saleId: string
  sku: string
  customerId: string
  key: string
  quantity: number
  /** Four characters from `0-9A-Z`, chosen at random, that make the order's id unguessable. */
  suffix: string
  notAfter: Millis
}

/** `by` is the customer who asks; absent when an administrator does. */
export interface Confirm {
  kind: "confirm"
  orderId: string
  by?: string
}

export interface Release {
  kind: "release"
  orderId: string
  by?: string
  reason: ReleaseReason
}

export interface Create {
  kind: "create"
  sale: NewSale
}

/** `null` removes an optional term. */
export interface Amend {
  kind: "amend"
  saleId: string
  terms: { [Key in keyof Terms]?: Terms[Key] | null }
}

export interface Steer {
  kind: "pause" | "resume" | "close"
  saleId: string
}

export interface Restock {
  kind: "restock"
  saleId: string
  sku: string
  units: number
}

export type Command = Reserve | Confirm | Release | Create | Amend | Steer | Restock

export interface Answer {
  outcome: Outcome
  /** The sale's last fact when this was decided: every answer can be placed in the journal. */
  seq?: number
  /** The order that was made, found or changed; with `limit_reached`, one that counts against the limit. */
  order?: Order
  /** The order existed already, under the same key. */
  replayed?: true
  /** Units free when there were too few. */
  free?: number
  /** When a refusal may turn: the sale's opening, or the first deadline of a held unit. */
  retryAt?: Millis
  /** The sale after an administrator's command. */
  sale?: Sale
  /** One sentence, where the word does not say it all. */
  detail?: string
}
