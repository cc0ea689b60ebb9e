import type { Fact } from "../wire/wire.ts"
import type { Check } from "./check.ts"
import { type Booking, bookingUnder, type Customer } from "./journal-order.ts"

/** Every order and customer of the journal, and I8 as far as the journal alone can tell: one key, one order. */
export class Orders {
  readonly byId = new Map<string, Booking>()
  readonly #customers = new Map<string, Customer>()

  constructor(private readonly idempotent: Check) {}

  customer(id: string): Customer | undefined {
    return this.#customers.get(id)
  }

  under(customerId: string, key: string): Booking | undefined {
    return bookingUnder(this.#customers.get(customerId), key)
  }

  /** Writes down the order that a fact creates. */
  book(fact: Fact): Booking {
    const customer = this.#customerOf(fact.customerId ?? "")
    const key = fact.key ?? ""
    const twin = bookingUnder(customer, key)
    const booking: Booking = {
      id: fact.orderId ?? "",
      customer,
      key,
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
    if (twin) {
      this.idempotent.fails(
        `fact ${fact.seq} gives ${customer.id} order ${booking.id} under the key of order ${twin.id}`,
      )
    }
    customer.latest = booking
    customer.units += booking.quantity
    this.byId.set(booking.id, booking)
    return booking
  }

  end(booking: Booking, fact: Fact): void {
    if (fact.kind === "released") booking.customer.units -= booking.quantity
    booking.endedSeq = fact.seq
    booking.endedAs = fact.kind === "released" ? "released" : "confirmed"
    booking.reason = fact.reason
  }

  #customerOf(id: string): Customer {
    const known = this.#customers.get(id)
    if (known) return known
    const customer: Customer = { id, units: 0, latest: undefined }
    this.#customers.set(id, customer)
    return customer
  }

  get customerCount(): number {
    return this.#customers.size
  }
}
