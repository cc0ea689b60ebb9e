import { amend, create, restock, steer } from "./admin-rules.ts"
import type { Answer, Command, Confirm, Release, Reserve } from "./command.ts"
import type { Decision, Plan } from "./decision.ts"
import type { Hash } from "./fact.ts"
import type { Guard } from "./guard.ts"
import { decideOnce } from "./once.ts"
import { type Order, parseOrderId, type ReleaseReason } from "./order.ts"
import { itemOf, MAX_RELEASES, type Millis, type Sale, stateOf } from "./sale.ts"
import type { Customer, SaleView, StoreTransaction, StoreView } from "./store-transaction.ts"
import { applyTransition, type Change, type NewOrder } from "./transition.ts"

/**
 * Decides one command inside a transaction of a store and applies the decision. A refusal is an answer, no error. `elapsed`
 * is the elapsed time of the store's process, by which an attempt is late; without it, time has passed as `now` says.
 */
export type Decide = (
  transaction: StoreTransaction,
  command: Command,
  now: Millis,
  hash: Hash,
  elapsed?: Millis,
) => Answer

/** Details of refusals whose word alone does not say why. Every store answers with the same sentences. */
export const TOO_MANY_RELEASES = "Too many orders of this customer were released in this sale."
export const COOLING_DOWN = "An order of this customer was released a moment ago."
export const FULL =
  "So many orders were released in this sale that it can hold no further one. This attempt had no effect."

/** Attempts to decide a command when other commands keep overtaking it. After the last the answer is `overloaded`. */
export const DECIDE_TRIES = 5

export const decide: Decide = (transaction, command, now, hash, elapsed = now) => {
  for (let attempt = 0; attempt < DECIDE_TRIES; attempt++) {
    const isPurchase = command.kind === "reserve"
    const decision = isPurchase ? reserve(transaction, command, now, elapsed) : decisionOf(transaction, command, now)
    if ("outcome" in decision) return decision
    const applied = applyTransition(transaction, decision.transition, now, hash)
    if (!("failed" in applied)) return decision.answer(applied)
  }
  return { outcome: "overloaded" }
}

/** Decides any command but a purchase, by the content of a store at `now`. Changes nothing. */
export function decisionOf(view: SaleView, command: Exclude<Command, Reserve>, now: Millis): Decision {
  return decideOnce(view, command, () => ruleOf(view, command, now))
}

function ruleOf(view: SaleView, command: Exclude<Command, Reserve>, now: Millis): Decision {
  switch (command.kind) {
    case "confirm":
      return confirm(view, command, now)
    case "release":
      return release(view, command, now)
    case "create":
      return create(view, command)
    case "amend":
      return amend(view, command)
    case "restock":
      return restock(view, command)
    default:
      return steer(view, command)
  }
}

/** Releases held orders whose hold has expired, the earliest first. Returns their number. */
export function expire(transaction: StoreTransaction, now: Millis, limit: number, hash: Hash): number {
  const due = transaction.due(now, limit)
  for (const order of due) {
    const transition = { saleId: order.saleId, guards: [], changes: [expiryAt(order, now)] }
    applyTransition(transaction, transition, now, hash)
  }
  return due.length
}

/**
 * Decides a purchase. The transition needs no guards, because the store decides and applies it in one transaction of
 * its own.
 */
function reserve(view: StoreView, request: Reserve, now: Millis, elapsed: Millis): Decision {
  const { quantity } = request
  const sale = view.sale(request.saleId)
  if (!Number.isSafeInteger(quantity) || quantity < 1) return { outcome: "invalid_request", seq: sale?.seq }
  const item = sale && itemOf(sale, request.sku)
  if (!sale || !item) return { outcome: "sale_unknown" }

  const customer = view.customer(sale, request.customerId)
  const earlier = customer?.under(request.key)
  if (earlier) {
    if (earlier.sku !== request.sku || earlier.quantity !== quantity) return { outcome: "key_reused", seq: sale.seq }
    return { outcome: earlier.state, seq: sale.seq, order: earlier, replayed: true }
  }

  if (elapsed > request.notAfter) return { outcome: "overloaded", seq: sale.seq }
  const state = stateOf(sale, now)
  if (state === "scheduled") return { outcome: "sale_not_open", seq: sale.seq, retryAt: sale.opensAt }
  if (state !== "open") return { outcome: `sale_${state}`, seq: sale.seq }
  const limited = overLimit(sale, customer, quantity)
  if (limited) return limited
  if (item.free < quantity) {
    if (item.free + item.held < quantity) return { outcome: "sold_out", seq: sale.seq, free: item.free }
    return { outcome: "all_held", seq: sale.seq, free: item.free, retryAt: firstDeadline(view, sale, now) }
  }
  const readyAt = (customer?.releasedAt ?? 0) + (sale.cooldownSeconds ?? 0) * 1000
  if (customer?.releasedAt !== undefined && now < readyAt) {
    return { outcome: "rate_limited", seq: sale.seq, retryAt: readyAt, detail: COOLING_DOWN }
  }
  if (sale.checkout === "hold" && view.isFull(sale)) return { outcome: "overloaded", seq: sale.seq, detail: FULL }

  const isHeld = sale.checkout === "hold"
  const { customerId, key, suffix } = request
  const after: NewOrder = {
    sku: item.sku,
    quantity,
    unitPrice: item.price,
    state: isHeld ? "held" : "confirmed",
    customerId,
    key,
    suffix,
    payWithin: isHeld ? (sale.holdSeconds ?? 0) * 1000 : undefined,
  }
  const moves = isHeld ? { free: -quantity, held: quantity } : { free: -quantity, sold: quantity }
  const change: Change = { kind: isHeld ? "held" : "confirmed", sku: item.sku, moves, order: { after } }
  return {
    transition: { saleId: sale.id, guards: [], changes: [change] },
    answer: ({ seq, orders }) => ({ outcome: after.state, seq, order: orders[0] }),
  }
}

/** The refusal if the customer has as many units, or gave back as many orders, as the sale allows. */
function overLimit(sale: Sale, customer: Customer | undefined, quantity: number): Answer | undefined {
  const { units = 0, releases = 0 } = customer ?? {}
  if (units + quantity > sale.limitPerCustomer) {
    const first = customer?.first()
    return { outcome: "limit_reached", seq: sale.seq, ...(first && { order: first }) }
  }
  if (releases < (sale.maxReleases ?? MAX_RELEASES)) return undefined
  return { outcome: "limit_reached", seq: sale.seq, detail: TOO_MANY_RELEASES }
}

/** When the first hold ends. One that was made while the clock was ahead ends by its length, not by the time it names. */
function firstDeadline(view: StoreView, sale: Sale, now: Millis): Millis | undefined {
  const deadline = view.firstDeadline(sale)
  if (deadline === undefined || sale.holdSeconds === undefined || now >= sale.at) return deadline
  return Math.min(deadline, now + sale.holdSeconds * 1000)
}

/** Confirms a held order. Repeating it is harmless. An expired hold is released instead. */
function confirm(view: SaleView, request: Confirm, now: Millis): Decision {
  const order = find(view, request)
  if (!order) return { outcome: "order_unknown" }
  if (order.state === "confirmed") return unchanged(order, { outcome: "confirmed", order, replayed: true })
  if (order.state === "released") return unchanged(order, { outcome: "order_released", order })
  if (isDue(order, now)) return change(order, expiryOf(order), releaseOf(order, "expired"), "order_released")
  return change(order, inTimeOf(order), confirmationOf(order), "confirmed")
}

/** Releases a held order. Repeating it is harmless. A confirmed order is never released. */
function release(view: SaleView, request: Release, now: Millis): Decision {
  const order = find(view, request)
  if (!order) return { outcome: "order_unknown" }
  if (order.state === "confirmed") return unchanged(order, { outcome: "order_confirmed", order })
  if (order.state === "released") return unchanged(order, { outcome: "released", order, replayed: true })
  if (isDue(order, now)) return change(order, expiryOf(order), releaseOf(order, "expired"), "released")
  return change(order, inTimeOf(order), releaseOf(order, request.reason), "released")
}

/** A plan that changes nothing. The store confirms that the order is unchanged and adds the sale's last seq. */
function unchanged(order: Order, answer: Answer): Plan {
  const transition = { saleId: order.saleId, guards: [{ kind: "order", order } as const], changes: [] }
  return { transition, answer: ({ seq }) => ({ ...answer, seq }) }
}

function change(order: Order, time: Guard[], change: Change, outcome: Answer["outcome"]): Plan {
  const transition = { saleId: order.saleId, guards: [{ kind: "order", order } as const, ...time], changes: [change] }
  return { transition, answer: ({ seq, orders }) => ({ outcome, seq, order: orders[0] }) }
}

function confirmationOf(before: Order): Change {
  const { sku, quantity } = before
  const moves = { held: -quantity, sold: quantity }
  return { kind: "confirmed", sku, moves, order: { before, after: { state: "confirmed" } } }
}

function releaseOf(before: Order, reason: ReleaseReason): Change {
  const { sku, quantity } = before
  const moves = { held: -quantity, free: quantity }
  return {
    kind: "released",
    reason,
    sku,
    moves,
    order: { before, after: { state: "released", releaseReason: reason } },
  }
}

/** A hold that was made while the clock was ahead ends by its length, before the time that it names. Its fact says so. */
function expiryAt(order: Order, now: Millis): Change {
  const released = releaseOf(order, "expired")
  return isDue(order, now) ? released : { ...released, data: { clockPutRight: true } }
}

function isDue({ payBefore }: Order, now: Millis): boolean {
  return payBefore !== undefined && now >= payBefore
}

function expiryOf({ payBefore }: Order): Guard[] {
  return payBefore === undefined ? [] : [{ kind: "notBefore", at: payBefore }]
}

function inTimeOf({ payBefore }: Order): Guard[] {
  return payBefore === undefined ? [] : [{ kind: "notAfter", at: payBefore - 1 }]
}

/** Finds the order. An order of another customer is unknown, like one that does not exist. */
function find(view: SaleView, { orderId, by }: Confirm | Release): Order | undefined {
  const parsed = parseOrderId(orderId)
  const sale = parsed && view.saleNumbered(parsed.saleNumber)
  const order = sale && view.order(sale, parsed.seq)
  if (!order || order.id !== orderId || (by !== undefined && by !== order.customerId)) return undefined
  return order
}
