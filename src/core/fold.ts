import { type Fact, isKnownKind } from "./fact.ts"
import { type Item, itemOf, type NewSale, type Sale, type Stock } from "./sale.ts"

/**
 * The sale as this fact leaves it. Facts do not name the sale's number, so it is given; `sale` itself is not changed. A
 * kind that this build does not know moves `seq`, `at`, `hash` and the stock that it names, and nothing else.
 */
export function foldSale(sale: Sale | undefined, number: number, fact: Fact): Sale {
  const { seq, at, hash } = fact
  if (fact.kind === "created") return { ...emptySale(fact.terms as NewSale, number), version: seq, seq, at, hash }
  const next: Sale = { ...sale!, seq, at, hash }
  if (fact.sku !== undefined) next.items = next.items.map(item => (item.sku === fact.sku ? stocked(item, fact) : item))
  changeSale(next, fact)
  return next
}

/** Changes what a fact changes of its sale, apart from stock and chain. */
export function changeSale(
  sale: Sale,
  { kind, seq, orderId, terms }: Pick<Fact, "kind" | "seq" | "orderId" | "terms">,
): void {
  if (orderId === undefined) sale.version = seq
  if (kind === "amended") {
    // The fact names every term that the sale has from then on.
    delete sale.closesAt
    delete sale.holdSeconds
    Object.assign(sale, terms)
  }
  if (kind === "paused") sale.standing = "paused"
  if (kind === "resumed") sale.standing = "active"
  if (kind === "closed") sale.standing = "closed"
}

/** Whether the order began with this fact: held at first, or confirmed without ever having been held. */
export function createsOrder({ kind, payBefore }: Fact): boolean {
  return kind === "held" || (kind === "confirmed" && payBefore === undefined)
}

/** Whether the fact ends an order that an earlier fact created. */
export function changesOrder(fact: Fact): boolean {
  return (fact.kind === "confirmed" || fact.kind === "released") && !createsOrder(fact)
}

/**
 * Whether the fact's stock is the stock before it with the fact's own units moved, and adds up. How a kind that this
 * build does not know moves units cannot be told: of such a fact only an impossible stock is found.
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

/** The stock that the fact should leave: units move between exactly two counters, or come in. */
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

/** A fact that names an item need not name its stock: then it has moved no units. */
function isPossible({ free, held, sold }: Fact): boolean {
  const counters = [free, held, sold].filter(counter => counter !== undefined)
  return counters.length === 0 || (counters.length === 3 && counters.every(counter => counter >= 0))
}

function stocked(item: Item, fact: Fact): Item {
  if (fact.free === undefined) return item
  return { ...item, total: totalAfter(item, fact), free: fact.free!, held: fact.held!, sold: fact.sold! }
}

/** A sale without any fact yet: its items have no units. */
export function emptySale(terms: NewSale, number: number): Omit<Sale, "version" | "seq" | "at" | "hash"> {
  const items = terms.items.map(item => ({ ...item, total: 0, free: 0, held: 0, sold: 0 }))
  return { ...terms, items, number, standing: "active" }
}
