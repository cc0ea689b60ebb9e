import type { Order } from "../../core/order.ts"
import { orderFrom } from "../../core/rows.ts"
import type { Millis, Sale } from "../../core/sale.ts"
import { type IndexedOrder, type KeptOrder, SaleCustomers } from "./customers.ts"
import { HeldOrders } from "./held-orders.ts"
import type { Statements } from "./statements.ts"

const ORDERS_PER_READ = 5000

/**
 * The orders of one sale: those in the table, and in memory those that the table does not have yet, or not in their
 * present state. The table has exactly what the journal says up to one of its facts.
 */
export class SaleOrders {
  readonly held = new HeldOrders()
  readonly #unfolded = new Map<number, KeptOrder>()
  /** The orders that the table does not have at all, as the seqs that created them, ascending. */
  readonly #created: number[] = []
  #changes: KeptOrder[] = []
  readonly #customers: SaleCustomers
  /** The index of customers has been read up to this order. */
  #indexed = 0

  constructor(
    private readonly sale: Pick<Sale, "id" | "number">,
    private readonly statements: Statements,
  ) {
    this.#customers = new SaleCustomers(seq => this.kept(seq))
  }

  kept(createdSeq: number): KeptOrder | undefined {
    const unfolded = this.#unfolded.get(createdSeq)
    if (unfolded) return unfolded
    const row = this.statements.order.get(this.sale.number, createdSeq)
    return row ? { createdSeq, order: orderFrom(row, this.sale), releasedAt: row.released_at ?? undefined } : undefined
  }

  /** What is left to read of the index is read now. */
  get customers(): SaleCustomers {
    while (!this.isIndexed) this.readCustomers(ORDERS_PER_READ)
    return this.#customers
  }

  /** Whether the index of customers has all orders. */
  get isIndexed(): boolean {
    return this.#indexed === Number.POSITIVE_INFINITY
  }

  /** Reads so many more orders into the index of customers. Returns how many it has read; fewer are the last ones. */
  readCustomers(limit: number): number {
    const rows = this.statements.customers.all(this.sale.number, this.#indexed, limit)
    for (const row of rows) {
      const newer = this.#unfolded.get(row.seq)
      this.#customers.add(newer ? indexed(newer) : row)
    }
    this.#indexed = rows.at(-1)?.seq ?? this.#indexed
    if (rows.length < limit) {
      for (const seq of this.#created) this.#customers.add(indexed(this.#unfolded.get(seq)!))
      this.#indexed = Number.POSITIVE_INFINITY
    }
    return rows.length
  }

  /** The order as the fact at `at` left it. */
  put(createdSeq: number, order: Order, at: Millis): void {
    const { state, payBefore } = order
    const kept = { createdSeq, order, releasedAt: state === "released" ? at : undefined }
    this.#unfolded.set(createdSeq, kept)
    this.#changes.push(kept)
    if (state !== "held") this.held.end(createdSeq)
    else if (payBefore !== undefined) this.held.add({ createdSeq, createdAt: order.createdAt, payBefore })
    const isNew = order.seq === createdSeq
    if (isNew) this.#created.push(createdSeq)
    if (createdSeq > this.#indexed) return
    if (isNew) this.#customers.add(indexed(kept))
    else if (state === "released") this.#customers.release(order, at)
  }

  /** The orders that were created after the fact `after`, in order of creation. */
  page(after: number, limit: number): Order[] {
    const rows = this.statements.orders.all(this.sale.number, after, limit)
    const orders = rows.map(row => this.#unfolded.get(row.created_seq)?.order ?? orderFrom(row, this.sale))
    const from = this.#placeAfter(after)
    const created = this.#created.slice(from, from + limit - orders.length)
    return [...orders, ...created.map(seq => this.#unfolded.get(seq)!.order)]
  }

  /** How often `put` was called since the last `takeChanges`. */
  get changes(): number {
    return this.#changes.length
  }

  /** What `put` was told since the last call. */
  takeChanges(): KeptOrder[] {
    const changes = this.#changes
    this.#changes = []
    return changes
  }

  /** The table now has these changes, which are all up to the fact `seq`. */
  folded(changes: readonly KeptOrder[], seq: number): void {
    for (const kept of changes) {
      if (this.#unfolded.get(kept.createdSeq) === kept) this.#unfolded.delete(kept.createdSeq)
    }
    this.#created.splice(0, this.#placeAfter(seq))
  }

  /** How many of the orders that the table does not have were created at `seq` or before. */
  #placeAfter(seq: number): number {
    let from = 0
    let to = this.#created.length
    while (from < to) {
      const middle = (from + to) >> 1
      if (this.#created[middle]! <= seq) from = middle + 1
      else to = middle
    }
    return from
  }
}

function indexed({ createdSeq, order, releasedAt }: KeptOrder): IndexedOrder {
  const { customerId, key, quantity, state, createdAt } = order
  return { customerId, key, quantity, state, seq: createdSeq, at: releasedAt ?? createdAt }
}
