import type { Fact } from "./fact.ts"
import { type Order, orderId } from "./order.ts"
import type { Sale } from "./sale.ts"

export interface OrderRow {
  sale: number
  created_seq: number
  seq: number
  suffix: string
  sku: string
  quantity: number
  amount: number
  currency: string
  state: Order["state"]
  reason: NonNullable<Order["releaseReason"]> | null
  customer: string
  key: string
  created_at: number
  pay_before: number | null
}

export interface FactRow {
  seq: number
  at: number
  kind: Fact["kind"]
  sku: string | null
  order_id: string | null
  customer: string | null
  key: string | null
  quantity: number | null
  amount: number | null
  currency: string | null
  pay_before: number | null
  reason: NonNullable<Fact["reason"]> | null
  free: number | null
  held: number | null
  sold: number | null
  terms: string | null
  hash: string
  data: string | null
}

/** The part of a sale that is stored as JSON: all but its stock and its place in the chain. */
export type SaleDocument = Omit<Sale, "number" | "seq" | "at" | "hash">

/** The text of the document. It changes only when an administrator changes the sale. */
export function documentOf({ number: _, seq: __, at: ___, hash: ____, ...sale }: Sale): string {
  const items = sale.items.map(({ sku, name, price, listPrice }) => ({ sku, name, price, listPrice }))
  return JSON.stringify({ ...sale, items })
}

export function orderFrom(row: OrderRow, sale: Pick<Sale, "id">): Order {
  return {
    id: orderId(row.sale, row.created_seq, row.suffix),
    saleId: sale.id,
    sku: row.sku,
    quantity: row.quantity,
    unitPrice: { amount: row.amount, currency: row.currency },
    state: row.state,
    releaseReason: row.reason ?? undefined,
    customerId: row.customer,
    key: row.key,
    createdAt: row.created_at,
    payBefore: row.pay_before ?? undefined,
    seq: row.seq,
  }
}

export function factFrom(row: FactRow, sale: Pick<Sale, "id">): Fact {
  const { amount, currency } = row
  return {
    saleId: sale.id,
    seq: row.seq,
    at: row.at,
    kind: row.kind,
    sku: row.sku ?? undefined,
    orderId: row.order_id ?? undefined,
    customerId: row.customer ?? undefined,
    key: row.key ?? undefined,
    quantity: row.quantity ?? undefined,
    unitPrice: amount === null || currency === null ? undefined : { amount, currency },
    payBefore: row.pay_before ?? undefined,
    reason: row.reason ?? undefined,
    free: row.free ?? undefined,
    held: row.held ?? undefined,
    sold: row.sold ?? undefined,
    terms: row.terms === null ? undefined : JSON.parse(row.terms),
    data: row.data === null ? undefined : JSON.parse(row.data),
    hash: row.hash,
  }
}
