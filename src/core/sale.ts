/** Milliseconds since 1970-01-01 UTC, an integer. */
export type Millis = number

/** `amount` is an integer in minor units of `currency` (ISO 4217): 100 is Rp 1 as much as $1. */
export interface Money {
  amount: number
  currency: string
}

/** Units of one item. `free + held + sold = total`, always. */
export interface Stock {
  total: number
  free: number
  held: number
  sold: number
}

/** What is sold, named by its `sku` within its sale. */
export interface Item extends Stock {
  sku: string
  name: string
  price: Money
  listPrice?: Money
}

export type Checkout = "instant" | "hold"

/** What administrators decided; whether the window is open as well is for `stateOf` to say. */
export type Standing = "active" | "paused" | "closed"

export type SaleState = "scheduled" | "open" | "paused" | "closed"

/** What an administrator may change after creation. */
export interface Terms {
  name: string
  description: string
  opensAt: Millis
  closesAt?: Millis
  holdSeconds?: number
  limitPerCustomer: number
}

/** What an administrator creates. */
export interface NewSale extends Terms {
  id: string
  checkout: Checkout
  items: Omit<Item, "free" | "held" | "sold">[]
}

/** One event with a window, a limit per customer and one or more items. */
export interface Sale extends Terms {
  id: string
  /** 1 for the first sale of a store; its letters begin the sale's order ids. */
  number: number
  checkout: Checkout
  standing: Standing
  items: Item[]
  /** The last fact that an administrator made: it changes with every command of theirs, and with nothing else. */
  version: number
  /** The last fact of this sale: its position, its time and its place in the hash chain. */
  seq: number
  at: Millis
  hash: string
}

/** Where a sale stands at `now`. A sale closes at `closesAt`, not after it. */
export function stateOf(sale: Pick<Sale, "standing" | "opensAt" | "closesAt">, now: Millis): SaleState {
  if (sale.standing === "closed" || (sale.closesAt !== undefined && now >= sale.closesAt)) return "closed"
  if (sale.standing === "paused") return "paused"
  return now < sale.opensAt ? "scheduled" : "open"
}

/** The sale as it is now: what a store goes on changing must not leave it. */
export function copyOf(sale: Sale): Sale {
  return { ...sale, items: sale.items.map(item => ({ ...item })) }
}

export function itemOf(sale: Sale, sku: string): Item | undefined {
  return sale.items.find(item => item.sku === sku)
}

/** Nothing is free and nothing can come back by itself. */
export function isSoldOut(stock: Stock): boolean {
  return stock.free === 0 && stock.held === 0
}
