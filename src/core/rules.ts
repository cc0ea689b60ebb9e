import { amend, create, restock, steer } from "./admin-rules.ts"
import type { Answer, Command, Confirm, Release, Reserve } from "./command.ts"
import type { Hash } from "./fact.ts"
import { type Order, orderId, parseOrderId } from "./order.ts"
import { itemOf, type Millis, type Sale, stateOf } from "./sale.ts"
import type { StoreTransaction } from "./store-transaction.ts"
import { applyTransition } from "./transition.ts"

/** Decides one command against the shelf and, if the answer is yes, makes its transition. Never throws for a refusal. */
export type Decide = (transaction: StoreTransaction, command: Command, now: Millis, hash: Hash) => Answer

export const decide: Decide = (transaction, command, now, hash) => {
  switch (command.kind) {
    case "reserve":
      return reserve(transaction, command, now, hash)
    case "confirm":
      return confirm(transaction, command, now, hash)
    case "release":
      return release(transaction, command, now, hash)
    case "create":
      return create(transaction, command, now, hash)
    case "amend":
      return amend(transaction, command, now, hash)
    case "restock":
      return restock(transaction, command, now, hash)
    default:
      return steer(transaction, command, now, hash)
  }
}

/** Releases held orders whose time is up, the earliest first. Returns how many. */
export function expire(transaction: StoreTransaction, now: Millis, limit: number, hash: Hash): number {
  const due = transaction.due(now, limit)
  for (const order of due) letGo(transaction, transaction.sale(order.saleId)!, order, "expired", now, hash)
  return due.length
}

function reserve(transaction: StoreTransaction, request: Reserve, now: Millis, hash: Hash): Answer {
  const { quantity } = request
  const sale = transaction.sale(request.saleId)
  if (!Number.isSafeInteger(quantity) || quantity < 1) return { outcome: "invalid_request", seq: sale?.seq }
  const item = sale && itemOf(sale, request.sku)
  if (!sale || !item) return { outcome: "sale_unknown" }

  const orders = transaction.ordersOf(sale, request.customerId)
  const earlier = orders.find(order => order.key === request.key)
  if (earlier) {
    if (earlier.sku !== request.sku || earlier.quantity !== quantity) return { outcome: "key_reused", seq: sale.seq }
    return { outcome: earlier.state, seq: sale.seq, order: earlier, replayed: true }
  }

  if (now > request.notAfter) return { outcome: "overloaded", seq: sale.seq }
  const state = stateOf(sale, now)
  if (state === "scheduled") return { outcome: "sale_not_open", seq: sale.seq, retryAt: sale.opensAt }
  if (state !== "open") return { outcome: `sale_${state}`, seq: sale.seq }
  if (unitsOf(orders) + quantity > sale.limitPerCustomer) {
    const theirs = orders.find(order => order.state !== "released")
    return { outcome: "limit_reached", seq: sale.seq, ...(theirs && { order: theirs }) }
  }
  if (item.free < quantity) {
    if (item.free + item.held < quantity) return { outcome: "sold_out", seq: sale.seq, free: item.free }
    return { outcome: "all_held", seq: sale.seq, free: item.free, retryAt: transaction.firstDeadline(sale) }
  }

  // From here the reservation succeeds.
  const held = sale.checkout === "hold"
  const seq = sale.seq + 1
  const order: Order = {
    id: orderId(sale.number, seq, request.suffix),
    saleId: sale.id,
    sku: item.sku,
    quantity,
    unitPrice: item.price,
    state: held ? "held" : "confirmed",
    customerId: request.customerId,
    key: request.key,
    createdAt: now,
    payBefore: held ? now + (sale.holdSeconds ?? 0) * 1000 : undefined,
    seq,
  }
  const moves = held ? { free: -quantity, held: quantity } : { free: -quantity, sold: quantity }
  applyTransition(transaction, sale, { kind: held ? "held" : "confirmed", item, moves, order }, now, hash)
  return { outcome: order.state, seq, order }
}

/** Confirming again is harmless; a hold whose time is up is released, not confirmed. */
function confirm(transaction: StoreTransaction, request: Confirm, now: Millis, hash: Hash): Answer {
  const found = find(transaction, request)
  if (!found) return { outcome: "order_unknown" }
  const { sale, order } = found
  if (order.state === "confirmed") return { outcome: "confirmed", seq: sale.seq, order, replayed: true }
  if (order.state === "released") return { outcome: "order_released", seq: sale.seq, order }
  if (now >= order.payBefore!) {
    const released = letGo(transaction, sale, order, "expired", now, hash)
    return { outcome: "order_released", seq: sale.seq, order: released }
  }
  const confirmed: Order = { ...order, state: "confirmed", seq: sale.seq + 1 }
  const { quantity } = order
  const item = itemOf(sale, order.sku)!
  applyTransition(
    transaction,
    sale,
    { kind: "confirmed", item, moves: { held: -quantity, sold: quantity }, order: confirmed },
    now,
    hash,
  )
  return { outcome: "confirmed", seq: sale.seq, order: confirmed }
}

/** Releasing again is harmless; a confirmed order is never released. */
function release(transaction: StoreTransaction, request: Release, now: Millis, hash: Hash): Answer {
  const found = find(transaction, request)
  if (!found) return { outcome: "order_unknown" }
  const { sale, order } = found
  if (order.state === "confirmed") return { outcome: "order_confirmed", seq: sale.seq, order }
  if (order.state === "released") return { outcome: "released", seq: sale.seq, order, replayed: true }
  const reason = now >= order.payBefore! ? "expired" : request.reason
  return { outcome: "released", order: letGo(transaction, sale, order, reason, now, hash), seq: sale.seq }
}

function letGo(
  transaction: StoreTransaction,
  sale: Sale,
  order: Order,
  reason: Release["reason"],
  now: Millis,
  hash: Hash,
): Order {
  const released: Order = { ...order, state: "released", releaseReason: reason, seq: sale.seq + 1 }
  const { quantity } = order
  const item = itemOf(sale, order.sku)!
  applyTransition(
    transaction,
    sale,
    { kind: "released", reason, item, moves: { held: -quantity, free: quantity }, order: released },
    now,
    hash,
  )
  return released
}

/** An order that is not the asker's is as unknown as one that does not exist. */
function find(
  transaction: StoreTransaction,
  { orderId, by }: Confirm | Release,
): { sale: Sale; order: Order } | undefined {
  const parsed = parseOrderId(orderId)
  const sale = parsed && transaction.saleNumbered(parsed.saleNumber)
  const order = sale && transaction.order(sale, parsed.seq)
  if (!order || order.id !== orderId || (by !== undefined && by !== order.customerId)) return undefined
  return { sale, order }
}

function unitsOf(orders: readonly Order[]): number {
  let units = 0
  for (const order of orders) if (order.state !== "released") units += order.quantity
  return units
}
