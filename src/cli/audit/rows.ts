import type { AuditedSale } from "../../audit/ledger-check.ts"
import type { Fact, Item, Order } from "../../wire/wire.ts"

/** The tables of the embedded file, as the audit reads them: it shares no code with the store that writes them. */

export interface SaleRow {
  number: number
  id: string
  document: string
  seq: number
  at: number
  hash: string
}

export type StockRow = Pick<Item, "sku" | "total" | "free" | "held" | "sold">

export interface FileFactRow {
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
  reason: Fact["reason"] | null
  free: number | null
  held: number | null
  sold: number | null
  terms: string | null
  hash: string
  /** Undefined in a file of schema 1. */
  data?: string | null
}

export interface FileOrderRow {
  sale: number
  created_seq: number
  seq: number
  suffix: string
  sku: string
  quantity: number
  amount: number
  currency: string
  state: Order["state"]
  reason: Order["releaseReason"] | null
  customer: string
  created_at: number
  pay_before: number | null
}

interface Document {
  opensAt: number
  closesAt?: number
  checkout: "instant" | "hold"
  holdSeconds?: number
  limitPerCustomer: number
  maxReleases?: number
  cooldownSeconds?: number
  items: Pick<Item, "sku" | "name" | "price" | "listPrice">[]
}

/** Stands for the stock of an item that is missing in the table. No journal can add up to it. */
const MISSING_STOCK = { total: -1, free: -1, held: -1, sold: -1 }

export function saleOf({ id, document, seq, at, hash }: SaleRow, stock: StockRow[]): AuditedSale {
  const { opensAt, closesAt, checkout, items, ...terms } = JSON.parse(document) as Document
  const { holdSeconds, limitPerCustomer, maxReleases, cooldownSeconds } = terms
  return {
    id,
    opensAt: time(opensAt),
    ...(closesAt !== undefined && { closesAt: time(closesAt) }),
    checkout,
    ...(holdSeconds !== undefined && { holdSeconds }),
    limitPerCustomer,
    ...(maxReleases !== undefined && { maxReleases }),
    ...(cooldownSeconds !== undefined && { cooldownSeconds }),
    // The system is not running, so nothing could be done about what became due after its last fact.
    now: time(at),
    seq,
    hash,
    items: items.map(item => ({ ...item, ...(stock.find(({ sku }) => sku === item.sku) ?? MISSING_STOCK) })),
  }
}

export function factOf(row: FileFactRow, saleId: string): Fact {
  return {
    saleId,
    seq: row.seq,
    at: row.at,
    kind: row.kind,
    sku: row.sku ?? undefined,
    orderId: row.order_id ?? undefined,
    customerId: row.customer ?? undefined,
    key: row.key ?? undefined,
    quantity: row.quantity ?? undefined,
    unitPrice: row.amount === null ? undefined : { amount: row.amount, currency: row.currency ?? "" },
    payBefore: row.pay_before ?? undefined,
    reason: row.reason ?? undefined,
    free: row.free ?? undefined,
    held: row.held ?? undefined,
    sold: row.sold ?? undefined,
    terms: row.terms === null ? undefined : JSON.parse(row.terms),
    data: typeof row.data === "string" ? JSON.parse(row.data) : undefined,
    hash: row.hash,
  }
}

export function orderOf(row: FileOrderRow, saleId: string): Order {
  return {
    id: `${letters(row.sale)}${row.created_seq}-${row.suffix}`,
    saleId,
    sku: row.sku,
    quantity: row.quantity,
    unitPrice: { amount: row.amount, currency: row.currency },
    state: row.state,
    ...(row.reason !== null && { releaseReason: row.reason }),
    customerId: row.customer,
    createdAt: time(row.created_at),
    ...(row.pay_before !== null && { payBefore: time(row.pay_before) }),
    seq: row.seq,
  }
}

/** The letters with which the ids of a sale's orders begin: 1 is A, 26 is Z, 27 is AA. */
function letters(number: number): string {
  return number > 26
    ? letters(Math.floor((number - 1) / 26)) + letters(((number - 1) % 26) + 1)
    : String.fromCharCode(64 + number)
}

function time(millis: number): string {
  return new Date(millis).toISOString()
}
