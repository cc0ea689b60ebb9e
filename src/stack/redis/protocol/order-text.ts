import { type Order, orderId, type ReleaseReason } from "../../../core/order.ts"
import type { SaleSnapshot } from "../sale-snapshot.ts"

const STATES = { h: "held", c: "confirmed", r: "released" } as const
const REASONS: Record<string, ReleaseReason> = { c: "cancelled", e: "expired", p: "payment_failed" }

/** Reads one order as the hash of customers keeps it; see orders.lua. */
export function orderFrom(text: string, customerId: string, sale: SaleSnapshot): Order {
  const [seq, suffix, item, quantity, state, reason, createdAt, payBefore, changed, key] = text.split(",")
  const { sku, amount, currency } = sale.head.items[Number(item) - 1]!
  return {
    id: orderId(sale.number, Number(seq), suffix!),
    saleId: sale.id,
    sku,
    quantity: Number(quantity),
    unitPrice: { amount, currency },
    state: STATES[state as "h"],
    releaseReason: REASONS[reason!],
    customerId,
    key: key!,
    createdAt: Number(createdAt),
    payBefore: payBefore ? Number(payBefore) : undefined,
    seq: Number(changed || seq),
  }
}

/** One customer's order among all of theirs. */
export function pick(packed: string, seq: string): string | undefined {
  return packed.split(";").find(text => text.startsWith(`${seq},`))
}

/** How the hash of customers keeps an order that the fact `seq` created. `item` counts from 1. */
export function orderText(order: Order, seq: number, suffix: string, item: number): string {
  const { quantity, state, releaseReason, createdAt, payBefore, key } = order
  const changed = order.seq === seq ? "" : order.seq
  return [
    seq,
    suffix,
    item,
    quantity,
    state[0],
    releaseReason?.[0] ?? "",
    createdAt,
    payBefore ?? "",
    changed,
    key,
  ].join(",")
}
