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
