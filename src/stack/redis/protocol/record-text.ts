import type { Fact } from "../../../core/fact.ts"
import { type Order, orderId, type ReleaseReason } from "../../../core/order.ts"
import type { SaleSnapshot } from "../sale-snapshot.ts"

/** The fields that every fact has. Its terms come last and may contain the separator. */
const FACT_FIELDS = 17
/** Stands between those fields and a fact's data, if it has any; see `chainText`. */
const VERSION_2 = "2"

const STATES = { h: "held", c: "confirmed", r: "released" } as const
const REASONS: Record<string, ReleaseReason> = { c: "cancelled", e: "expired", p: "payment_failed" }

/** Reads one order as the hash of customers keeps it; see orders.lua. */
export function orderFrom(text: string, customerId: string, { id, number, head }: SaleSnapshot): Order {
  const [seq, suffix = "", place, quantity, state, reason = "", createdAt, payBefore, changed, key = ""] =
    text.split(",")
  const item = head.items[Number(place) - 1]
  if (!item) throw new Error(`The store's order ${seq} of ${id} names an item that the sale does not have.`)
  return {
    id: orderId(number, Number(seq), suffix),
    saleId: id,
    sku: item.sku,
    quantity: Number(quantity),
    unitPrice: { amount: item.amount, currency: item.currency },
    state: STATES[state as keyof typeof STATES],
    releaseReason: REASONS[reason],
    customerId,
    key,
    createdAt: Number(createdAt),
    payBefore: payBefore ? Number(payBefore) : undefined,
    seq: Number(changed || seq),
  }
}

/** Picks the text of one order from all orders of its customer. */
export function pick(packed: string, seq: string): string | undefined {
  return packed.split(";").find(text => text.startsWith(`${seq},`))
}

/** The text of an order in the hash of customers. `seq` is the fact that created it; `item` counts from 1. */
export function orderText(order: Order, seq: number, suffix: string, item: number): string {
  const { quantity, state, releaseReason, createdAt, payBefore, key } = order
  const changed = order.seq === seq ? "" : order.seq
  const letters = [state[0], releaseReason?.[0] ?? ""]
  return [seq, suffix, item, quantity, ...letters, createdAt, payBefore ?? "", changed, key].join(",")
}

/**
 * Reads a journal entry. Each line is the text whose digest is the hash of its fact, and begins with the hash of the fact
 * before it. The last line is the last hash alone.
 */
export function factsFrom(entry: string): Fact[] {
  const lines = entry.split("\n")
  return lines.slice(0, -1).map((line, at) => factFrom(line, lines[at + 1]?.split("|", 1)[0] ?? ""))
}

function factFrom(line: string, hash: string): Fact {
  const parts = line.split("|")
  const [, saleId = "", seq, at, kind = "", sku, orderId, customerId, key, quantity] = parts
  const [amount, currency = "", payBefore, reason, free, held, sold] = parts.slice(10, FACT_FIELDS)
  const { terms, data } = endOf(parts.slice(FACT_FIELDS))
  return {
    saleId,
    seq: Number(seq),
    at: Number(at),
    kind,
    sku: sku || undefined,
    orderId: orderId || undefined,
    customerId: customerId || undefined,
    key: key || undefined,
    quantity: whole(quantity),
    unitPrice: amount ? { amount: Number(amount), currency } : undefined,
    payBefore: whole(payBefore),
    reason: reason || undefined,
    free: whole(free),
    held: whole(held),
    sold: whole(sold),
    terms: terms ? JSON.parse(terms) : undefined,
    data: data ? JSON.parse(data) : undefined,
    hash,
  }
}

function endOf(parts: string[]): { terms: string; data: string | undefined } {
  const [first = "", data] = parts
  if (first === "" || first.startsWith("{")) return { terms: parts.join("|"), data: undefined }
  if (first === VERSION_2) return { data, terms: parts.slice(2).join("|") }
  throw new Error(`The store holds facts of version ${first}, which only a newer Doorbuster can read.`)
}

function whole(text: string | undefined): number | undefined {
  return text ? Number(text) : undefined
}

/** What the store keeps of an administrator's key: the seq of a fact, and the digest of the command. */
export function useText(seq: number, digest: string): string {
  return `${seq} ${digest}`
}

/** The digest in a text of `useText`. Undefined if the key has not been used. */
export function digestIn(text: string): string | undefined {
  return text.split(" ")[1]
}
