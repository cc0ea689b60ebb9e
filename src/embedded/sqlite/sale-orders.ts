import type { Order } from "../../core/order.ts"
import { orderFrom } from "../../core/rows.ts"
import type { Millis, Sale } from "../../core/sale.ts"
import { type IndexedOrder, type KeptOrder, SaleCustomers } from "./customers.ts"
import { HeldOrders } from "./held-orders.ts"
import type { Statements } from "./statements.ts"

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
  #customers: SaleCustomers | undefined

  constructor(
    private readonly sale: Pick<Sale, "id" | "number">,
    private readonly statements: Statements,
  ) {}

  kept(createdSeq: number): KeptOrder | undefined {
    const unfolded = this.#unfolded.get(createdSeq)
    if (unfolded) return unfolded
    const row = this.statements.order.get(this.sale.number, createdSeq)
    return row ? { createdSeq, order: orderFrom(row, this.sale), releasedAt: row.released_at ?? undefined } : undefined
  }

  /** The index is read from the file when somebody first asks for it. */
  get customers(): SaleCustomers {
    this.#customers ??= this.#readCustomers()
    return this.#customers
  }

  /** The order as the fact at `at` left it. */
  put(createdSeq: number, order: Order, at: Millis): void {
    const { state, payBefore } = order
    const kept = { createdSeq, order, releasedAt: state === "released" ? at : undefined }
    this.#unfolded.set(createdSeq, kept)
    this.#changes.push(kept)
    if (state !== "held") this.held.end(createdSeq)
    else if (payBefore !== undefined) this.held.add({ createdSeq, createdAt: order.createdAt, payBefore })
    if (order.seq === createdSeq) {
      this.#created.push(createdSeq)
      this.#customers?.add(indexed(kept))
    } else if (state === "released") this.#customers?.release(order, at)
  }

  /** The orders that were created after the fact `after`, in order of creation. */
  page(after: number, limit: number): Order[] {
    const rows = this.statements.orders.all(this.sale.number, after, limit)
    const orders = rows.map(row => this.#unfolded.get(row.created_seq)?.order ?? orderFrom(row, this.sale))
    const created = this.#created.slice(this.#placeAfter(after)).slice(0, limit - orders.length)
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

  #readCustomers(): SaleCustomers {
    const customers = new SaleCustomers(seq => this.kept(seq))
    for (const row of this.statements.customers.iterate(this.sale.number)) {
      const newer = this.#unfolded.get(row.seq)
      customers.add(newer ? indexed(newer) : row)
    }
    for (const seq of this.#created) customers.add(indexed(this.#unfolded.get(seq)!))
    return customers
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
