import { chainText, type Fact, type FactKind, GENESIS, type Hash } from "./fact.ts"
import type { FactData } from "./fact-data.ts"
import { changeSale, emptySale } from "./fold.ts"
import { failedGuard, type Guard, useOf } from "./guard.ts"
import { type Order, type OrderState, orderId, type ReleaseReason } from "./order.ts"
import { type Item, itemOf, type Millis, type Money, type NewSale, type Sale, type Terms } from "./sale.ts"
import type { StoreTransaction } from "./store-transaction.ts"

/**
 * What a rule decides: all of it takes effect in one atomic step of a store, or nothing does. It names no sequence
 * number, time, stock or hash, because another command may come first: the store sets them when it applies it.
 */
export interface Transition {
  saleId: string
  /** What must still be true. A store checks them with its own clock before it changes anything. */
  guards: readonly Guard[]
  /** Each makes one fact, in this order. Without any, the guards alone are checked. */
  changes: readonly Change[]
}

/** One fact: the units that it moves, and the order and the sale that it changes. */
export interface Change {
  kind: FactKind
  sku?: string
  moves?: Moves
  order?: OrderChange
  reason?: ReleaseReason
  /** Of the kinds `created` and `amended`. */
  terms?: NewSale | Terms
  /** What the kind says beyond these fields. */
  data?: FactData
}

/** Units added to each counter of an item. Only `stocked` may change their sum. */
export interface Moves {
  free?: number
  held?: number
  sold?: number
}

export type OrderChange =
  /** Without `after` the fact is about the order, which stays as it is. */
  | { before: Order; after?: { state: OrderState; releaseReason?: ReleaseReason } }
  | { before?: undefined; after: NewOrder }

/** An order that does not exist yet: its number and its times are the store's to set. */
export interface NewOrder {
  sku: string
  quantity: number
  unitPrice: Money
  state: OrderState
  customerId: string
  key: string
  suffix: string
  /** How long the units are held, in milliseconds. */
  payWithin?: Millis
}

/** What a transition has made of the store. */
export interface Applied {
  /** The sale as the last change left it. A store may go on changing this object. */
  sale: Sale
  /** The sale's last fact. */
  seq: number
  /** The orders that the changes made, changed or were about, in the order of the changes. */
  orders: Order[]
}

/** The transition had no effect, because this guard did not hold. */
export interface Failed {
  failed: Guard
}

/** Thrown when a transition would break `free + held + sold = total`; a store answers it by stopping. */
export class ConservationError extends Error {
  override name = "ConservationError"
}

/** Checks the guards, then makes the changes: both inside one transaction of the store, at one time `now`. */
export function applyTransition(
  transaction: StoreTransaction,
  transition: Transition,
  now: Millis,
  hash: Hash,
): Applied | Failed {
  const { saleId, guards, changes } = transition
  const failed = failedGuard(transaction, saleId, guards, now)
  if (failed) return { failed }
  const sale = transaction.sale(saleId) ?? addSale(transaction, transition, now)
  const orders: Order[] = []
  for (const change of changes) {
    const order = change.order && orderAfter(change.order, sale, sale.seq + 1, now)
    write(transaction, sale, change, order, now, hash)
    if (order) orders.push(order)
  }
  const uses = changes.length > 0 ? guards.map(useOf) : []
  for (const use of uses) if (use !== undefined) transaction.use(sale, use)
  return { sale, seq: sale.seq, orders }
}

/** The order as the fact `seq` leaves it. */
export function orderAfter(
  { before, after }: OrderChange,
  sale: Pick<Sale, "id" | "number">,
  seq: number,
  now: Millis,
): Order {
  if (before) return after ? { ...before, ...after, seq } : before
  const { suffix, payWithin, ...order } = after
  const payBefore = payWithin === undefined ? undefined : now + payWithin
  return { id: orderId(sale.number, seq, suffix), saleId: sale.id, ...order, createdAt: now, payBefore, seq }
}

function addSale(transaction: StoreTransaction, { saleId, changes }: Transition, now: Millis): Sale {
  const [created] = changes
  if (created?.kind !== "created") throw new Error(`There is no sale ${saleId} to change.`)
  const number = transaction.saleCount() + 1
  const sale: Sale = { ...emptySale(created.terms as NewSale, number), version: 0, seq: 0, at: now, hash: GENESIS }
  transaction.addSale(sale)
  return sale
}

function write(
  transaction: StoreTransaction,
  sale: Sale,
  change: Change,
  order: Order | undefined,
  now: Millis,
  hash: Hash,
): void {
  const { kind, sku, moves, reason, terms, data } = change
  const item = sku === undefined ? undefined : itemOf(sale, sku)
  const isStocked = kind === "stocked"
  const added = item && moves ? move(item, moves, isStocked) : undefined
  const fact: Omit<Fact, "hash"> = {
    saleId: sale.id,
    seq: sale.seq + 1,
    at: now,
    kind,
    sku,
    orderId: order?.id,
    customerId: order?.customerId,
    key: order?.key,
    quantity: isStocked ? added : order?.quantity,
    unitPrice: order?.unitPrice,
    payBefore: order?.payBefore,
    reason,
    free: item?.free,
    held: item?.held,
    sold: item?.sold,
    terms,
    data,
  }
  const chained = fact as Fact
  chained.hash = hash(chainText(sale.hash, fact))
  changeSale(sale, chained)
  sale.seq = chained.seq
  sale.at = now
  sale.hash = chained.hash
  transaction.write(sale, chained, order)
}

/** Returns by how many units the item's total grew. */
function move(item: Item, moves: Moves, isStocked: boolean): number {
  const free = item.free + (moves.free ?? 0)
  const held = item.held + (moves.held ?? 0)
  const sold = item.sold + (moves.sold ?? 0)
  const added = free + held + sold - item.total
  if (free < 0 || held < 0 || sold < 0 || (isStocked ? !(added >= 0) : added !== 0)) {
    throw new ConservationError(`${item.sku}: ${free} free + ${held} held + ${sold} sold is not ${item.total}`)
  }
  item.free = free
  item.held = held
  item.sold = sold
  item.total += added
  return added
}
