import type { Fact } from "./fact.ts"
import type { Order } from "./order.ts"
import type { Millis, Sale } from "./sale.ts"

/**
 * What the rules read and write of a store, inside one transaction of that store.
 * `sale` hands out the store's own object; only `append` changes it.
 */
export interface StoreTransaction {
  sale(saleId: string): Sale | undefined
  saleNumbered(number: number): Sale | undefined
  saleCount(): number
  order(sale: Sale, createdSeq: number): Order | undefined
  /** In order of creation. */
  ordersOf(sale: Sale, customerId: string): readonly Order[]
  /** The earliest `payBefore` among held orders of the sale. */
  firstDeadline(sale: Sale): Millis | undefined
  /** Held orders of every sale with `payBefore <= now`, the earliest first. */
  due(now: Millis, limit: number): readonly Order[]
  addSale(sale: Sale): void
  /** Stores one transition: the fact, the sale as it now is, and the order that it made or changed. */
  write(sale: Sale, fact: Fact, order?: Order): void
}
