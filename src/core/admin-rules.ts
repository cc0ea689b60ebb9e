import type { Amend, Answer, Create, Restock, Steer } from "./command.ts"
import type { Decision, Plan } from "./decision.ts"
import type { FactKind } from "./fact.ts"
import { type Checkout, copyOf, itemOf, type NewSale, type Sale, type Standing, type Terms } from "./sale.ts"
import type { SaleView } from "./store-transaction.ts"
import type { Applied, Change } from "./transition.ts"

/** Creates a sale, then adds each item's units as a fact of its own, so that the chain alone explains the stock. */
export function create(view: SaleView, { sale: terms }: Create): Decision {
  const fault = faultOf(terms.checkout, terms) ?? faultOfItems(terms.items)
  if (fault) return { outcome: "invalid_request", detail: fault }
  if (view.sale(terms.id)) return { outcome: "sale_exists" }
  const stocked = terms.items.map(({ sku, total }) => stockOf(sku, total))
  const changes: Change[] = [{ kind: "created", terms }, ...stocked]
  return { transition: { saleId: terms.id, guards: [{ kind: "version", version: 0 }], changes }, answer: done }
}

export function restock(view: SaleView, { saleId, sku, units }: Restock): Decision {
  const sale = view.sale(saleId)
  if (!sale || !itemOf(sale, sku)) return { outcome: "sale_unknown" }
  if (!isWhole(units, 1)) return refused(sale, { outcome: "invalid_request", detail: "units must be 1 or more" })
  return plan(sale, [stockOf(sku, units)])
}

export function amend(view: SaleView, { saleId, terms }: Amend): Decision {
  const sale = view.sale(saleId)
  if (!sale) return { outcome: "sale_unknown" }
  const amended: Terms = { ...termsOf(sale) }
  for (const [name, value] of Object.entries(terms)) {
    if (value === null) delete amended[name as keyof Terms]
    else if (value !== undefined) Object.assign(amended, { [name]: value })
  }
  const fault = faultOf(sale.checkout, amended)
  if (fault) return refused(sale, { outcome: "invalid_request", detail: fault })
  return plan(sale, [{ kind: "amended", terms: amended }])
}

/** Pauses, resumes or closes a sale. A closed sale stays closed. Repeating a command changes nothing. */
export function steer(view: SaleView, { kind, saleId }: Steer): Decision {
  const sale = view.sale(saleId)
  if (!sale) return { outcome: "sale_unknown" }
  const { standing, fact } = STEERING[kind]
  if (sale.standing === standing) return plan(sale, [])
  if (sale.standing === "closed") return refused(sale, { outcome: "sale_closed" })
  return plan(sale, [{ kind: fact }])
}

const STEERING = {
  pause: { standing: "paused", fact: "paused" },
  resume: { standing: "active", fact: "resumed" },
  close: { standing: "closed", fact: "closed" },
} satisfies Record<Steer["kind"], { standing: Standing; fact: FactKind }>

/** A change to the version of the sale that was read. It fails if another administrator changes the sale in between. */
function plan(sale: Sale, changes: Change[], answer: Plan["answer"] = done): Plan {
  const guard = { kind: "version", version: sale.version } as const
  return { transition: { saleId: sale.id, guards: [guard], changes }, answer }
}

function refused(sale: Sale, answer: Answer): Plan {
  return plan(sale, [], ({ seq }) => ({ ...answer, seq }))
}

function stockOf(sku: string, units: number): Change {
  return { kind: "stocked", sku, moves: { free: units } }
}

/** Answers with a copy of the sale, because the store keeps changing its own object. */
function done({ sale, seq }: Applied): Answer {
  return { outcome: "done", seq, sale: copyOf(sale) }
}

function termsOf(sale: Sale): Terms {
  const { name, description, opensAt, closesAt, holdSeconds, limitPerCustomer, maxReleases, cooldownSeconds } = sale
  return { name, description, opensAt, closesAt, holdSeconds, limitPerCustomer, maxReleases, cooldownSeconds }
}

function faultOf(checkout: Checkout, terms: Terms): string | undefined {
  const { opensAt, closesAt, holdSeconds, limitPerCustomer, maxReleases, cooldownSeconds } = terms
  if (!isWhole(opensAt, 0)) return "opensAt must be a time"
  if (closesAt !== undefined && !isWhole(closesAt, opensAt + 1)) return "closesAt must be after opensAt"
  if (checkout === "hold" && holdSeconds === undefined) return "a hold sale needs holdSeconds"
  if (holdSeconds !== undefined && !isWhole(holdSeconds, 1)) return "holdSeconds must be 1 or more"
  if (!isWhole(limitPerCustomer, 1)) return "limitPerCustomer must be 1 or more"
  if (maxReleases !== undefined && !isWhole(maxReleases, 1)) return "maxReleases must be 1 or more"
  if (cooldownSeconds !== undefined && !isWhole(cooldownSeconds, 0)) return "cooldownSeconds must be 0 or more"
  return undefined
}

function faultOfItems(items: NewSale["items"]): string | undefined {
  if (new Set(items.map(({ sku }) => sku)).size < items.length) return "items must not name a sku twice"
  if (!items.every(({ total }) => isWhole(total, 0))) return "total must be 0 or more"
  if (!items.every(({ price }) => isWhole(price.amount, 0))) return "a price must be 0 or more"
  const listed = items.flatMap(({ price, listPrice }) => (listPrice ? [{ price, listPrice }] : []))
  if (listed.some(({ price, listPrice }) => listPrice.currency !== price.currency)) {
    return "listPrice must be in the currency of the price"
  }
  if (!listed.every(({ price, listPrice }) => isWhole(listPrice.amount, price.amount))) {
    return "listPrice must not be below the price"
  }
  if (new Set(items.map(({ price }) => price.currency)).size > 1) return "items must share one currency"
  return undefined
}

/** Rejects fractions and unsafe integers, which would break `free + held + sold = total` in the middle of a batch. */
function isWhole(number: number, min: number): boolean {
  return Number.isSafeInteger(number) && number >= min
}
