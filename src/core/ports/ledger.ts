import type { Fact } from "../fact.ts"
import type { Order } from "../order.ts"
import type { Sale } from "../sale.ts"

/** How far the ledger has a sale. A writer of an older epoch is fenced off. */
export interface Cursor {
  saleId: string
  seq: number
  hash: string
  epoch: number
}

/**
 * Why the ledger took nothing: it cannot be reached, another writer leads, the facts do not follow what it holds, or it
 * must not be used as it is set up. Whether it took anything is unknown when it went away: the same facts may come again.
 */
export type LedgerFaultKind = "away" | "fenced" | "conflict" | "unfit"

export class LedgerFault extends Error {
  override name = "LedgerFault"
  constructor(
    readonly kind: LedgerFaultKind,
    message: string,
  ) {
    super(message)
  }
}

/** One worker leads at a time. Disposing of its leadership lets another worker lead. */
export interface Leadership extends AsyncDisposable {
  /** Aborted as soon as this worker knows that another one may lead. */
  readonly lost: AbortSignal
}

/** The permanent record: it can rebuild the inventory, and answers what is not asked in a hurry. */
export interface Ledger extends AsyncDisposable {
  cursors(): Promise<Cursor[]>
  /** Sales as the last fact that the ledger holds left them. */
  sales(): Promise<Sale[]>
  order(orderId: string): Promise<Order | undefined>
  /** As the inventory's: orders whose creating fact is later than `after`, in order of creation. */
  orders(saleId: string, after: number, limit: number): Promise<Order[]>
  facts(saleId: string, after: number, limit: number): Promise<Fact[]>
  /**
   * Takes the facts of one sale, cursor and epoch included, in one transaction: all or nothing. They must follow the
   * cursor without a gap, by number and by hash; facts that it holds already are compared, and nothing else.
   */
  append(sale: { id: string; number: number }, epoch: number, facts: readonly Fact[]): Promise<void>
  /** From now on only writers of this epoch, or a later one, may append. It must be later than every one before. */
  fence(sale: { id: string; number: number }, epoch: number): Promise<void>
  /** Resolves to undefined if another worker leads. */
  tryLead(): Promise<Leadership | undefined>
}
