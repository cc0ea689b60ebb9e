import type { Fact } from "./fact.ts"
import type { Order } from "./order.ts"
import type { Millis, Sale } from "./sale.ts"

/** What the rules read to decide anything but a purchase. A sale may be the store's own object: it must not be changed. */
export interface SaleView {
  sale(saleId: string): Sale | undefined
  saleNumbered(number: number): Sale | undefined
  order(sale: Sale, createdSeq: number): Order | undefined
}

/** What purchases and guards read as well. */
export interface StoreView extends SaleView {
  /** In order of creation. */
  ordersOf(sale: Sale, customerId: string): readonly Order[]
  /** The earliest `payBefore` among held orders of the sale. */
  firstDeadline(sale: Sale): Millis | undefined
  /** Whether a key or a pass is recorded as used, under the name that `useOf` gives it. */
  isUsed(sale: Sale, use: string): boolean
}

/** One transaction of a store that keeps whole sales at hand. Only `applyTransition` writes through it. */
export interface StoreTransaction extends StoreView {
  saleCount(): number
  /** Held orders of every sale with `payBefore <= now`, the earliest first. */
  due(now: Millis, limit: number): readonly Order[]
  addSale(sale: Sale): void
  /** Stores one fact, the sale as it now is, and the order that the fact made or changed. */
  write(sale: Sale, fact: Fact, order?: Order): void
  /** Records the use of a key or a pass. */
  use(sale: Sale, use: string): void
}
