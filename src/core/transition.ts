import { chained, type Fact, type FactKind, factText, GENESIS, type Hash } from "./fact.ts"
import type { FactData } from "./fact-data.ts"
import { changeSale, emptySale } from "./fold.ts"
import { failedGuard, type Guard, useOf } from "./guard.ts"
import { type Order, type OrderState, orderId, type ReleaseReason } from "./order.ts"
import { CLOCK_JUMP_MS } from "./ports/clock.ts"
import { type Item, itemOf, type Millis, type Money, type NewSale, type Sale, type Terms } from "./sale.ts"
import type { StoreTransaction } from "./store-transaction.ts"

/**
 * The decision of a rule. A store applies all of it in one atomic step, or nothing. It contains no sequence number,
 * time, stock or hash, because another command may come first; the store sets them when it applies the transition.
 */
export interface Transition {
  saleId: string
  /** Conditions that must still be true. The store checks them by its own clock before it changes anything. */
  guards: readonly Guard[]
  /** Each change makes one fact, in this order. If there are none, the store only checks the guards. */
  changes: readonly Change[]
}

/** What becomes one fact: the units that it moves, and the order and the sale that it changes. */
export interface Change {
  kind: FactKind
  sku?: string
  moves?: Moves
  order?: OrderChange
  reason?: ReleaseReason
  /** Only with the kinds `created` and `amended`. */
  terms?: NewSale | Terms
  /** The fields that only this kind has. */
  data?: FactData
}

/** Units added to each counter of an item. Only `stocked` may change their sum. */
export interface Moves {
  free?: number
  held?: number
  sold?: number
}

export type OrderChange =
  /** Without `after` the fact refers to the order but does not change it. */
  | { before: Order; after?: { state: OrderState; releaseReason?: ReleaseReason } }
  | { before?: undefined; after: NewOrder }

/** An order that does not exist yet. The store sets its id and its times. */
export interface NewOrder {
  sku: string
  quantity: number
  unitPrice: Money
  state: OrderState
  customerId: string
  key: string
  suffix: string
  /** How long the units are held, in milliseconds. */
  payWithin?: Millis | undefined
}

/** The result of a transition. */
export interface Applied {
  /** The sale after the last change. The store may change this object later. */
  sale: Sale
  /** The sale's last fact. */
  seq: number
  /** The orders that the changes created, changed or referred to, in the order of the changes. */
  orders: Order[]
}

/** The transition had no effect, because this guard was not met. */
export interface Failed {
  failed: Guard
}

/** Thrown when a transition would break `free + held + sold = total`. The store then stops. */
export class ConservationError extends Error {
  override name = "ConservationError"
}

/** Checks the guards, then makes the changes. Call it inside one transaction of the store, with one time `now`. */
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
  // Facts go back in time only where the store's clock was ahead and has been put right.
  const at = now < sale.at && sale.at - now <= CLOCK_JUMP_MS ? sale.at : now
  const orders: Order[] = []
  for (const change of changes) {
    const order = change.order && orderAfter(change.order, sale, sale.seq + 1, at)
    write(transaction, sale, change, order, at, hash)
    if (order) orders.push(order)
  }
  const uses = changes.length > 0 ? guards.map(useOf) : []
  for (const use of uses) if (use !== undefined) transaction.use(sale, use)
  return { sale, seq: sale.seq, orders }
}

/** The order after the fact `seq`. */
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
  if (created?.kind !== "created") throw new Error(`The sale ${saleId} does not exist.`)
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
  const text = factText(fact)
  const written = fact as Fact
  written.hash = hash(chained(sale.hash, sale.id, text))
  changeSale(sale, written)
  sale.seq = written.seq
  sale.at = now
  sale.hash = written.hash
  transaction.write(sale, written, text, order)
}

/** Moves units between the item's counters. Returns the growth of its total. Throws a ConservationError. */
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
