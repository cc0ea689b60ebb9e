import type { Millis, Money } from "./sale.ts"

export type OrderState = "held" | "confirmed" | "released"

/** `payment_failed` is not used yet. The confirmation of a payment that the provider refuses will set it. */
export type ReleaseReason = "cancelled" | "expired" | "payment_failed"

/** One customer's purchase of `quantity` units of one item. */
export interface Order {
  id: string
  saleId: string
  sku: string
  quantity: number
  unitPrice: Money
  state: OrderState
  releaseReason?: ReleaseReason | undefined
  customerId: string
  /** The idempotency key, scoped to customer and sale. */
  key: string
  createdAt: Millis
  payBefore?: Millis | undefined
  /** The last fact that changed the order. */
  seq: number
}

/**
 * `K7-4Q2M`: the sale's letters, the seq of the fact that created the order, and four unguessable characters. The id
 * states where its order is stored, so no store needs an index of ids.
 */
export function orderId(saleNumber: number, seq: number, suffix: string): string {
  return `${letters(saleNumber)}${seq}-${suffix}`
}

const ORDER_ID = /^([A-Z]{1,4})([1-9][0-9]{0,14})-([0-9A-Z]{4})$/

export function parseOrderId(id: string): { saleNumber: number; seq: number; suffix: string } | undefined {
  const match = ORDER_ID.exec(id)
  if (!match) return undefined
  const [, saleLetters = "", seq, suffix = ""] = match
  return { saleNumber: numberOf(saleLetters), seq: Number(seq), suffix }
}

/** The seq of the fact that created the order. The next page of orders begins after it. */
export function createdSeq(order: Pick<Order, "id">): number {
  return parseOrderId(order.id)!.seq
}

/** 1 -> A, 26 -> Z, 27 -> AA. */
function letters(number: number): string {
  let text = ""
  for (let rest = number; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    text = String.fromCharCode(65 + ((rest - 1) % 26)) + text
  }
  return text
}

function numberOf(text: string): number {
  let number = 0
  for (const letter of text) number = number * 26 + (letter.charCodeAt(0) - 64)
  return number
}
