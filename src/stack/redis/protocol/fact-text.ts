import type { Fact } from "../../../core/fact.ts"

/** Fields before the terms, which may hold what separates them. */
const FIELDS = 17

/** Reads a journal entry: the hashed text of each fact, which begins with the hash before it, and at last the last hash. */
export function factsFrom(entry: string): Fact[] {
  const lines = entry.split("\n")
  return lines.slice(0, -1).map((line, at) => factFrom(line, lines[at + 1]!.split("|", 1)[0]!))
}

function factFrom(line: string, hash: string): Fact {
  const parts = line.split("|")
  const [, saleId, seq, at, kind, sku, orderId, customerId, key, quantity, amount, currency, payBefore, reason] = parts
  const [free, held, sold] = parts.slice(14, FIELDS)
  const terms = parts.slice(FIELDS).join("|")
  return {
    saleId: saleId!,
    seq: Number(seq),
    at: Number(at),
    kind: kind as Fact["kind"],
    sku: sku || undefined,
    orderId: orderId || undefined,
    customerId: customerId || undefined,
    key: key || undefined,
    quantity: whole(quantity),
    unitPrice: amount ? { amount: Number(amount), currency: currency! } : undefined,
    payBefore: whole(payBefore),
    reason: (reason as Fact["reason"]) || undefined,
    free: whole(free),
    held: whole(held),
    sold: whole(sold),
    terms: terms ? JSON.parse(terms) : undefined,
    hash,
  }
}

function whole(text: string | undefined): number | undefined {
  return text ? Number(text) : undefined
}
