import { chainText, type Fact, type FactKind, type Hash } from "./fact.ts"
import type { Order, ReleaseReason } from "./order.ts"
import type { Item, Millis, Sale } from "./sale.ts"
import type { StoreTransaction } from "./store-transaction.ts"

export interface Moves {
  free?: number
  held?: number
  sold?: number
}

export interface Transition extends Pick<Fact, "terms" | "data" | "quantity"> {
  kind: FactKind
  reason?: ReleaseReason
  item?: Item
  moves?: Moves
  /** The order as this fact leaves it. */
  order?: Order
}

/** Thrown when a transition would break `free + held + sold = total`; a store answers it by stopping. */
export class ConservationError extends Error {
  override name = "ConservationError"
}

/** Makes one transition: moves the units, extends the chain, and hands both to the store. */
export function applyTransition(
  transaction: StoreTransaction,
  sale: Sale,
  draft: Transition,
  now: Millis,
  hash: Hash,
): void {
  const { item, moves, order } = draft
  if (item && moves) move(item, moves)
  const fact: Omit<Fact, "hash"> = {
    saleId: sale.id,
    seq: sale.seq + 1,
    at: now,
    kind: draft.kind,
    sku: item?.sku,
    orderId: order?.id,
    customerId: order?.customerId,
    key: order?.key,
    quantity: draft.quantity ?? order?.quantity,
    unitPrice: order?.unitPrice,
    payBefore: order?.payBefore,
    reason: draft.reason,
    free: item?.free,
    held: item?.held,
    sold: item?.sold,
    terms: draft.terms,
    data: draft.data,
  }
  const chained = fact as Fact
  chained.hash = hash(chainText(sale.hash, fact))
  sale.seq = fact.seq
  sale.at = now
  sale.hash = chained.hash
  transaction.write(sale, chained, order)
}

function move(item: Item, moves: Moves): void {
  const free = item.free + (moves.free ?? 0)
  const held = item.held + (moves.held ?? 0)
  const sold = item.sold + (moves.sold ?? 0)
  if (free < 0 || held < 0 || sold < 0 || free + held + sold !== item.total) {
    throw new ConservationError(`${item.sku}: ${free} free + ${held} held + ${sold} sold is not ${item.total}`)
  }
  item.free = free
  item.held = held
  item.sold = sold
}
