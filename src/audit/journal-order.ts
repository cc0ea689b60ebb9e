/** One order as the journal tells it. There may be a million: kept small. */
export interface Booking {
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
  /** The fact that ended the hold; 0 while there is none. */
  endedSeq: number
  endedAs: "confirmed" | "released" | undefined
  reason: string | undefined
  /** The same customer's order before this one. */
  earlier: Booking | undefined
  /** The ledger has told of it. */
  listed: boolean
}

export interface Customer {
  id: string
  /** Units held and confirmed now. */
  units: number
  latest: Booking | undefined
}

export type BookingState = "held" | "confirmed" | "released"

/** Its state as of a fact that is not before its creation. */
export function stateAt(booking: Booking, seq: number): BookingState {
  return booking.endedSeq > 0 && booking.endedSeq <= seq ? booking.endedAs! : booking.createdAs
}

export function isHeld(booking: Booking): boolean {
  return booking.createdAs === "held" && booking.endedSeq === 0
}

function* bookingsOf(customer: Customer | undefined): Generator<Booking> {
  for (let booking = customer?.latest; booking; booking = booking.earlier) yield booking
}

export function bookingUnder(customer: Customer | undefined, key: string): Booking | undefined {
  for (const booking of bookingsOf(customer)) if (booking.key === key) return booking
  return undefined
}

/** Units that the customer held or had confirmed as of a fact. */
export function unitsAt(customer: Customer | undefined, seq: number): number {
  let units = 0
  for (const booking of bookingsOf(customer)) {
    if (booking.createdSeq <= seq && stateAt(booking, seq) !== "released") units += booking.quantity
  }
  return units
}
