/** Milliseconds since 1970-01-01 UTC, an integer. */
export type Millis = number

/** `amount` is an integer in minor units of `currency` (ISO 4217): 100 is $1 or Rp 1. */
export interface Money {
  amount: number
  currency: string
}

/** The units of one item. Always `free + held + sold = total`. */
export interface Stock {
  total: number
  free: number
  held: number
  sold: number
}

/** A product in a sale. Its `sku` is unique within the sale. */
export interface Item extends Stock {
  sku: string
  name: string
  price: Money
  listPrice?: Money | undefined
}

export type Checkout = "instant" | "hold"

/** What administrators decided. `stateOf` combines it with the sale's window. */
export type Standing = "active" | "paused" | "closed"

export type SaleState = "scheduled" | "open" | "paused" | "closed"

/** The properties that an administrator may change after creation. */
export interface Terms {
  name: string
  description: string
  opensAt: Millis
  closesAt?: Millis | undefined
  holdSeconds?: number | undefined
  limitPerCustomer: number
  /** After so many orders of one customer were released, that customer gets no further one. Absent: `MAX_RELEASES`. */
  maxReleases?: number | undefined
  /** How long a customer waits for the next order after one was released. Absent: not at all. */
  cooldownSeconds?: number | undefined
}

/**
 * How many released orders of one sale a store keeps, unless it is told otherwise. None is ever forgotten, so that their
 * keys are not. In Redis each takes about 110 bytes of memory, in SQLite half a kilobyte of disk.
 */
export const RELEASED_ORDERS_MAX = 500_000

/** `maxReleases` of a sale that does not say another one. */
export const MAX_RELEASES = 20

/** The properties that an administrator gives when they create a sale. */
export interface NewSale extends Terms {
  id: string
  checkout: Checkout
  items: Omit<Item, "free" | "held" | "sold">[]
}

/** An event that sells one or more items within a time window, with a limit per customer. */
export interface Sale extends Terms {
  id: string
  /** 1 for the first sale of a store. Order ids begin with this number, written in letters. */
  number: number
  checkout: Checkout
  standing: Standing
  items: Item[]
  /** The seq of the last fact that an administrator caused. Only their commands change it. */
  version: number
  /** Number, time and hash of the sale's last fact. */
  seq: number
  at: Millis
  hash: string
}

/** The state of a sale at `now`. At `closesAt` it is already closed. */
export function stateOf(sale: Pick<Sale, "standing" | "opensAt" | "closesAt">, now: Millis): SaleState {
  if (sale.standing === "closed" || (sale.closesAt !== undefined && now >= sale.closesAt)) return "closed"
  if (sale.standing === "paused") return "paused"
  return now < sale.opensAt ? "scheduled" : "open"
}

/** A copy of the sale and its items. A store keeps changing its own object, so it only hands out copies. */
export function copyOf(sale: Sale): Sale {
  return { ...sale, items: sale.items.map(item => ({ ...item })) }
}

export function itemOf(sale: Sale, sku: string): Item | undefined {
  return sale.items.find(item => item.sku === sku)
}

/** Whether only an administrator can change the sale: nothing is held, and nothing can be bought at `now`. */
export function isQuiet(sale: Pick<Sale, "standing" | "opensAt" | "closesAt" | "items">, now: Millis): boolean {
  const isOpen = stateOf(sale, now) === "open"
  return sale.items.every(item => item.held === 0 && (item.free === 0 || !isOpen))
}

/** No unit is free, and none is held that could become free again. */
export function isSoldOut(stock: Stock): boolean {
  return stock.free === 0 && stock.held === 0
}
