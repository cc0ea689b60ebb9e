import { type Fact, isKnownKind } from "./fact.ts"
import { type Item, itemOf, type NewSale, type Sale, type Stock } from "./sale.ts"

const OPTIONAL_TERMS = ["closesAt", "holdSeconds", "maxReleases", "cooldownSeconds"] as const

/**
 * Returns the sale as it is after this fact; `sale` itself does not change. The caller passes the sale's number, which
 * facts do not contain. A fact of an unknown kind changes only `seq`, `at`, `hash` and the stock that it states.
 */
export function foldSale(sale: Sale | undefined, number: number, fact: Fact): Sale {
  return foldInto(sale && draftOf(sale), number, fact)
}

/** A copy for `foldInto` to change. */
export function draftOf(sale: Sale): Sale {
  return { ...sale, items: sale.items.map(item => ({ ...item })) }
}

/** As `foldSale`, but for many facts in a row: it changes `draft` itself, and returns another sale only for `created`. */
export function foldInto(draft: Sale | undefined, number: number, fact: Fact): Sale {
  const { seq, at, hash } = fact
  if (fact.kind === "created") return { ...emptySale(fact.terms as NewSale, number), version: seq, seq, at, hash }
  const next = Object.assign(draft!, { seq, at, hash })
  const item = fact.sku === undefined ? undefined : itemOf(next, fact.sku)
  if (item) stock(item, fact)
  changeSale(next, fact)
  return next
}

/** Applies a fact to the terms, the standing and the version of its sale, but not to its stock or chain. */
export function changeSale(
  sale: Sale,
  { kind, seq, orderId, terms }: Pick<Fact, "kind" | "seq" | "orderId" | "terms">,
): void {
  if (orderId === undefined) sale.version = seq
  if (kind === "amended") {
    // The fact names every term that the sale has after it.
    for (const name of OPTIONAL_TERMS) delete sale[name]
    Object.assign(sale, terms)
  }
  if (kind === "paused") sale.standing = "paused"
  if (kind === "resumed") sale.standing = "active"
  if (kind === "closed") sale.standing = "closed"
}

/** Whether this fact created its order: as held, or as confirmed without a hold. */
export function createsOrder({ kind, payBefore }: Fact): boolean {
  return kind === "held" || (kind === "confirmed" && payBefore === undefined)
}

/** Whether the fact ends an order that an earlier fact created. */
export function changesOrder(fact: Fact): boolean {
  return (fact.kind === "confirmed" || fact.kind === "released") && !createsOrder(fact)
}

/**
 * Whether the fact's stock equals the stock before it with the fact's units moved, and adds up. This build cannot know
 * how an unknown kind moves units, so it only rejects such a fact if its stock is impossible.
 */
export function conserves(before: Sale | undefined, fact: Fact): boolean {
  const { sku, quantity } = fact
  if (sku === undefined) return fact.kind === "created" || before !== undefined
  const item = before && itemOf(before, sku)
  if (item && !isKnownKind(fact.kind)) return isPossible(fact)
  if (!item || quantity === undefined || quantity < 0) return false
  const { free, held, sold } = moved(item, fact, quantity)
  if (free < 0 || held < 0 || sold < 0 || free + held + sold !== totalAfter(item, fact)) return false
  return fact.free === free && fact.held === held && fact.sold === sold
}

/** The stock that the fact should state: units move between exactly two counters, or are added. */
function moved({ free, held, sold }: Item, fact: Fact, quantity: number): Omit<Stock, "total"> {
  if (fact.kind === "stocked") return { free: free + quantity, held, sold }
  if (fact.kind === "held") return { free: free - quantity, held: held + quantity, sold }
  if (fact.kind === "released") return { free: free + quantity, held: held - quantity, sold }
  if (createsOrder(fact)) return { free: free - quantity, held, sold: sold + quantity }
  return { free, held: held - quantity, sold: sold + quantity }
}

function totalAfter({ total }: Item, { kind, quantity, free, held, sold }: Fact): number {
  if (!isKnownKind(kind)) return free! + held! + sold!
  return kind === "stocked" ? total + quantity! : total
}

/** A fact that names an item states all three counters, or none if it moved no units. */
function isPossible({ free, held, sold }: Fact): boolean {
  const counters = [free, held, sold].filter(counter => counter !== undefined)
  return counters.length === 0 || (counters.length === 3 && counters.every(counter => counter >= 0))
}

function stock(item: Item, fact: Fact): void {
  if (fact.free === undefined) return
  item.total = totalAfter(item, fact)
  item.free = fact.free
  item.held = fact.held!
  item.sold = fact.sold!
}

/** A sale before its first fact: its items have no units. */
export function emptySale(terms: NewSale, number: number): Omit<Sale, "version" | "seq" | "at" | "hash"> {
  const items = terms.items.map(item => ({ ...item, total: 0, free: 0, held: 0, sold: 0 }))
  return { ...terms, items, number, standing: "active" }
}
