import type { Amend, Answer, Create, Restock, Steer } from "./command.ts"
import { GENESIS, type Hash } from "./fact.ts"
import { type Checkout, copyOf, itemOf, type Millis, type NewSale, type Sale, type Terms } from "./sale.ts"
import type { StoreTransaction } from "./store-transaction.ts"
import { applyTransition, type Transition } from "./transition.ts"

/** Creates a sale, then gives each item its units: one fact each, so that the chain alone explains the stock. */
export function create(transaction: StoreTransaction, { sale: terms }: Create, now: Millis, hash: Hash): Answer {
  const fault = faultOf(terms.checkout, terms) ?? faultOfItems(terms.items)
  if (fault) return { outcome: "invalid_request", detail: fault }
  if (transaction.sale(terms.id)) return { outcome: "sale_exists" }
  const items = terms.items.map(item => ({ ...item, total: 0, free: 0, held: 0, sold: 0 }))
  const sale: Sale = {
    ...terms,
    items,
    number: transaction.saleCount() + 1,
    standing: "active",
    seq: 0,
    at: now,
    hash: GENESIS,
  }
  transaction.addSale(sale)
  applyTransition(transaction, sale, { kind: "created", terms }, now, hash)
  for (const { sku, total } of terms.items) stock(transaction, sale, sku, total, now, hash)
  return done(sale)
}

export function restock(
  transaction: StoreTransaction,
  { saleId, sku, units }: Restock,
  now: Millis,
  hash: Hash,
): Answer {
  const sale = transaction.sale(saleId)
  if (!sale || !itemOf(sale, sku)) return { outcome: "sale_unknown" }
  if (!isWhole(units, 1)) return { outcome: "invalid_request", seq: sale.seq, detail: "units must be 1 or more" }
  stock(transaction, sale, sku, units, now, hash)
  return done(sale)
}

export function amend(transaction: StoreTransaction, { saleId, terms }: Amend, now: Millis, hash: Hash): Answer {
  const sale = transaction.sale(saleId)
  if (!sale) return { outcome: "sale_unknown" }
  const amended: Terms = { ...termsOf(sale) }
  for (const [name, value] of Object.entries(terms)) {
    if (value === null) delete amended[name as keyof Terms]
    else if (value !== undefined) Object.assign(amended, { [name]: value })
  }
  const fault = faultOf(sale.checkout, amended)
  if (fault) return { outcome: "invalid_request", seq: sale.seq, detail: fault }
  delete sale.closesAt
  delete sale.holdSeconds
  Object.assign(sale, amended)
  applyTransition(transaction, sale, { kind: "amended", terms: amended }, now, hash)
  return done(sale)
}

/** A closed sale stays closed; doing again what is already so changes nothing. */
export function steer(transaction: StoreTransaction, { kind, saleId }: Steer, now: Millis, hash: Hash): Answer {
  const sale = transaction.sale(saleId)
  if (!sale) return { outcome: "sale_unknown" }
  const { standing, fact } = STEERING[kind]
  if (sale.standing === standing) return done(sale)
  if (sale.standing === "closed") return { outcome: "sale_closed", seq: sale.seq }
  sale.standing = standing
  applyTransition(transaction, sale, { kind: fact }, now, hash)
  return done(sale)
}

const STEERING = {
  pause: { standing: "paused", fact: "paused" },
  resume: { standing: "active", fact: "resumed" },
  close: { standing: "closed", fact: "closed" },
} satisfies Record<Steer["kind"], { standing: Sale["standing"]; fact: Transition["kind"] }>

function stock(transaction: StoreTransaction, sale: Sale, sku: string, units: number, now: Millis, hash: Hash): void {
  const item = itemOf(sale, sku)!
  item.total += units
  applyTransition(transaction, sale, { kind: "stocked", item, moves: { free: units }, quantity: units }, now, hash)
}

/** The store goes on changing its own object; the answer is a copy. */
function done(sale: Sale): Answer {
  return { outcome: "done", seq: sale.seq, sale: copyOf(sale) }
}

function termsOf({ name, description, opensAt, closesAt, holdSeconds, limitPerCustomer }: Sale): Terms {
  return { name, description, opensAt, closesAt, holdSeconds, limitPerCustomer }
}

function faultOf(checkout: Checkout, { opensAt, closesAt, holdSeconds, limitPerCustomer }: Terms): string | undefined {
  if (!isWhole(opensAt, 0)) return "opensAt must be a time"
  if (closesAt !== undefined && !isWhole(closesAt, opensAt + 1)) return "closesAt must be after opensAt"
  if (checkout === "hold" && holdSeconds === undefined) return "a hold sale needs holdSeconds"
  if (holdSeconds !== undefined && !isWhole(holdSeconds, 1)) return "holdSeconds must be 1 or more"
  if (!isWhole(limitPerCustomer, 1)) return "limitPerCustomer must be 1 or more"
  return undefined
}

function faultOfItems(items: NewSale["items"]): string | undefined {
  if (new Set(items.map(({ sku }) => sku)).size < items.length) return "items must not name a sku twice"
  if (!items.every(({ total }) => isWhole(total, 0))) return "total must be 0 or more"
  if (!items.every(({ price }) => isWhole(price.amount, 0))) return "a price must be 0 or more"
  return undefined
}

/** A wrong number would break `free + held + sold = total` in the middle of a batch: it is refused before it counts. */
function isWhole(number: number, min: number): boolean {
  return Number.isSafeInteger(number) && number >= min
}
