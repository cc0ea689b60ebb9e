import type { Fact } from "../../core/fact.ts"
import { changesOrder, createsOrder, foldSale } from "../../core/fold.ts"
import { type Order, parseOrderId } from "../../core/order.ts"
import type { Sale } from "../../core/sale.ts"
import { lineOf } from "./journal.ts"
import type { SaleOrders } from "./sale-orders.ts"

/** One sale in memory, which decides. It equals the file after every commit, and is read again after a rollback. */
export class OpenSale {
  /** The last fact that the tables have. */
  foldedSeq: number
  #lines: string[] = []
  /** Facts of this transaction that have data. */
  #withData: Fact[] = []

  constructor(
    public sale: Sale,
    readonly orders: SaleOrders,
  ) {
    this.foldedSeq = sale.seq
  }

  /** A fact that the rules have just made. `sale` is as it left it. */
  write(fact: Fact, text: string, order: Order | undefined): void {
    this.#lines.push(lineOf(text, fact.hash))
    if (fact.data) this.#withData.push(fact)
    // A fact may name an order that it does not change.
    if (order?.seq !== fact.seq) return
    this.orders.put(createsOrder(fact) ? fact.seq : parseOrderId(order.id)!.seq, order, fact.at)
  }

  /** A fact of the journal that the tables do not have. */
  recover(fact: Fact): void {
    this.sale = foldSale(this.sale, this.sale.number, fact)
    const createdSeq = fact.orderId === undefined ? undefined : parseOrderId(fact.orderId)?.seq
    const order = createdSeq !== undefined && this.#orderAfter(fact, createdSeq)
    if (order) this.orders.put(createdSeq, order, fact.at)
  }

  #orderAfter(fact: Fact, createdSeq: number): Order | undefined {
    if (createsOrder(fact)) return orderOf(fact)
    const before = changesOrder(fact) && this.orders.kept(createdSeq)?.order
    if (!before) return undefined
    const { seq, reason } = fact
    const releaseReason = reason as Order["releaseReason"]
    return { ...before, state: fact.kind as Order["state"], seq, ...(releaseReason && { releaseReason }) }
  }

  /** A fact of this transaction. */
  written(seq: number): Fact | undefined {
    return this.#withData.find(fact => fact.seq === seq)
  }

  /** The lines of this transaction's facts. It has none afterwards. */
  takeLines(): string[] {
    const lines = this.#lines
    this.#lines = []
    this.#withData = []
    return lines
  }
}

function orderOf(fact: Fact): Order {
  const { orderId, saleId, sku, quantity, unitPrice, kind, customerId, key, at, payBefore, seq } = fact
  return {
    id: orderId!,
    saleId,
    sku: sku!,
    quantity: quantity!,
    unitPrice: unitPrice!,
    state: kind as Order["state"],
    customerId: customerId!,
    key: key!,
    createdAt: at,
    payBefore,
    seq,
  }
}
