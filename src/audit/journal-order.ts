import type { Fact } from "../wire/wire.ts"

/** One order as the journal describes it. There may be a million, so it is kept small. */
export interface JournalOrder {
  id: string
  customer: Customer
  key: string
  sku: string
  quantity: number
  amount: number
  currency: string
  createdAs: "held" | "confirmed"
  createdSeq: number
  createdAt: number
  payBefore: number | undefined
  /** The fact that ended the hold, or 0. */
  endedSeq: number
  endedAs: "confirmed" | "released" | undefined
  reason: string | undefined
  /** The same customer's order before this one. */
  earlier: JournalOrder | undefined
  /** True once the ledger has listed it. */
  listed: boolean
}

export interface Customer {
  id: string
  /** Units held and confirmed as of the last fact read. */
  units: number
  /** Orders released as of the last fact read, and when the last of them was. */
  releases: number
  releasedAt: number | undefined
  latest: JournalOrder | undefined
}

type JournalState = "held" | "confirmed" | "released"

/** The order's state as of fact `seq`, which is not before its creation. */
export function stateAt(order: JournalOrder, seq: number): JournalState {
  return order.endedAs !== undefined && order.endedSeq <= seq ? order.endedAs : order.createdAs
}

export function isHeld(order: JournalOrder): boolean {
  return order.createdAs === "held" && order.endedSeq === 0
}

function* ordersOf(customer: Customer | undefined): Generator<JournalOrder> {
  for (let order = customer?.latest; order; order = order.earlier) yield order
}

export function orderUnder(customer: Customer | undefined, key: string): JournalOrder | undefined {
  for (const order of ordersOf(customer)) if (order.key === key) return order
  return undefined
}

/** The units that the customer had held or confirmed as of fact `seq`. */
export function unitsAt(customer: Customer | undefined, seq: number): number {
  let units = 0
  for (const order of ordersOf(customer)) {
    if (order.createdSeq <= seq && stateAt(order, seq) !== "released") units += order.quantity
  }
  return units
}

/** How many of the customer's orders had been released as of fact `seq`. */
export function releasesAt(customer: Customer | undefined, seq: number): number {
  let releases = 0
  for (const order of ordersOf(customer)) {
    if (order.createdSeq <= seq && stateAt(order, seq) === "released") releases++
  }
  return releases
}

/** The customer with this id, who is added if they are new. */
export function customerIn(customers: Map<string, Customer>, id: string): Customer {
  const known = customers.get(id)
  if (known) return known
  const customer: Customer = { id, units: 0, releases: 0, releasedAt: undefined, latest: undefined }
  customers.set(id, customer)
  return customer
}

/** The order that a fact creates. */
export function orderOf(fact: Fact, customer: Customer): JournalOrder {
  return {
    id: fact.orderId ?? "",
    customer,
    key: fact.key ?? "",
    sku: fact.sku ?? "",
    quantity: fact.quantity ?? 0,
    amount: fact.unitPrice?.amount ?? 0,
    currency: fact.unitPrice?.currency ?? "",
    createdAs: fact.kind === "held" ? "held" : "confirmed",
    createdSeq: fact.seq,
    createdAt: fact.at,
    payBefore: fact.payBefore,
    endedSeq: 0,
    endedAs: undefined,
    reason: undefined,
    earlier: customer.latest,
    listed: false,
  }
}

/** Gives a released order's units back to its customer. */
export function giveBack({ customer, quantity }: JournalOrder, at: Fact["at"]): void {
  customer.units -= quantity
  customer.releases++
  customer.releasedAt = at
}
