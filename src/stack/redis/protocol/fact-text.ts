import type { Fact } from "../../../core/fact.ts"

/** Fields that every fact has. Its terms come last and may hold what separates the fields. */
const FIELDS = 17
/** Stands between those fields and the data of a fact that has any; see `chainText`. */
const VERSION_2 = "2"

/** Reads a journal entry: the hashed text of each fact, which begins with the hash before it, and at last the last hash. */
export function factsFrom(entry: string): Fact[] {
  const lines = entry.split("\n")
  return lines.slice(0, -1).map((line, at) => factFrom(line, lines[at + 1]!.split("|", 1)[0]!))
}

function factFrom(line: string, hash: string): Fact {
  const parts = line.split("|")
  const [, saleId, seq, at, kind, sku, orderId, customerId, key, quantity, amount, currency, payBefore, reason] = parts
  const [free, held, sold] = parts.slice(14, FIELDS)
  const { terms, data } = endOf(parts.slice(FIELDS))
  return {
    saleId: saleId!,
    seq: Number(seq),
    at: Number(at),
    kind: kind!,
    sku: sku || undefined,
    orderId: orderId || undefined,
    customerId: customerId || undefined,
    key: key || undefined,
    quantity: whole(quantity),
    unitPrice: amount ? { amount: Number(amount), currency: currency! } : undefined,
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

function endOf(parts: string[]): { terms: string; data?: string } {
  const [first = "", data] = parts
  if (first === "" || first.startsWith("{")) return { terms: parts.join("|") }
  if (first === VERSION_2) return { data, terms: parts.slice(2).join("|") }
  throw new Error(`The store holds facts of version ${first}, which only a newer Doorbuster can read.`)
}

function whole(text: string | undefined): number | undefined {
  return text ? Number(text) : undefined
}
