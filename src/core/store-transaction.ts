import type { Fact } from "./fact.ts"
import type { Order } from "./order.ts"
import type { Millis, Sale } from "./sale.ts"

/** What rules read to decide any command but a purchase. Do not change a sale: it may be the store's own object. */
export interface SaleView {
  sale(saleId: string): Sale | undefined
  saleNumbered(number: number): Sale | undefined
  order(sale: Sale, createdSeq: number): Order | undefined
  /** The digest of the command that an administrator gave this key. Undefined if the key has not been used in the sale. */
  digestOf(sale: Sale, key: string): string | undefined
}

/** What a customer's orders in one sale add up to. */
export interface Customer {
  /** Units held and confirmed, which count against the limit. */
  readonly units: number
  /** Orders that were released, whoever released them. */
  readonly releases: number
  /** When the last of them was released. */
  readonly releasedAt?: Millis | undefined
  /** The first order that is held or confirmed. */
  first(): Order | undefined
  /** The order with this idempotency key, in any state. */
  under(key: string): Order | undefined
}

/** What rules read to decide purchases and to check guards. */
export interface StoreView extends SaleView {
  /** Undefined if the customer never had an order in the sale. The cost does not depend on how many they had. */
  customer(sale: Sale, customerId: string): Customer | undefined
  /** Whether the store keeps as many released orders of the sale as it will, and so makes no further hold. */
  isFull(sale: Sale): boolean
  /** The earliest `payBefore` among held orders of the sale. */
  firstDeadline(sale: Sale): Millis | undefined
  /** Whether the store has recorded a key or a pass as used. `use` is the name that `useOf` returns. */
  isUsed(sale: Sale, use: string): boolean
}

/** One transaction of a store that keeps whole sales in memory. Only `applyTransition` writes through it. */
export interface StoreTransaction extends StoreView {
  saleCount(): number
  /** Held orders of every sale with `payBefore <= now`, the earliest first. */
  due(now: Millis, limit: number): readonly Order[]
  addSale(sale: Sale): void
  /** Stores one fact, whose `factText` is `text`, the sale after it, and the order that the fact created or changed. */
  write(sale: Sale, fact: Fact, text: string, order?: Order): void
  /** Records the use of a key or a pass. */
  use(sale: Sale, use: string): void
}
