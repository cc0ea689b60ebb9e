import type { Fact } from "../wire/wire.ts"
import { Check, counted } from "./check.ts"
import { type Booking, isHeld } from "./journal-order.ts"
import type { Terms } from "./terms.ts"

/** A deadline is swept within this time while the system runs. */
const OVERDUE_MS_MAX = 5_000

/** I11: a hold ends once, by its buyer before its deadline or by expiry not before it. */
export class Holds {
  readonly #check = new Check("I11 holds")
  #held = 0
  #expired = 0
  #lagMsMax = 0

  created(fact: Fact, terms: Terms | undefined): void {
    const { seq, orderId, kind } = fact
    if (kind === "released") this.#check.fails(`fact ${seq} releases order ${orderId}, which no fact created`)
    else if (terms && (kind === "held") !== (terms.checkout === "hold")) {
      this.#check.fails(`fact ${seq} creates order ${orderId} as ${kind}, but the checkout is ${terms.checkout}`)
    }
    if (kind !== "held") return
    this.#held++
    const wanted = fact.at + (terms?.holdSeconds ?? 0) * 1000
    if (fact.payBefore !== wanted) {
      this.#check.fails(`fact ${seq} holds order ${orderId} until ${when(fact.payBefore)} instead of ${when(wanted)}`)
    }
  }

  ended(fact: Fact, booking: Booking): void {
    const { seq, at, kind, reason } = fact
    if (kind === "held") this.#check.fails(`fact ${seq} holds order ${booking.id}, which exists`)
    else if (!isHeld(booking)) {
      const state = booking.endedAs ?? booking.createdAs
      const since = booking.endedSeq || booking.createdSeq
      this.#check.fails(`fact ${seq} says ${kind} of order ${booking.id}, which is ${state} since fact ${since}`)
    }
    const deadline = booking.payBefore ?? 0
    if (kind === "confirmed" && at >= deadline) {
      this.#check.fails(`fact ${seq} confirms order ${booking.id} ${at - deadline} ms after its deadline`)
    }
    if (reason === "expired") this.#expires(fact, booking, deadline)
    if ((kind === "released") !== (reason !== undefined)) {
      this.#check.fails(`fact ${seq} says ${kind} of order ${booking.id} with reason ${reason ?? "none"}`)
    }
    this.#compare(fact, booking)
  }

  #expires({ seq, at }: Fact, booking: Booking, deadline: number): void {
    this.#expired++
    this.#lagMsMax = Math.max(this.#lagMsMax, at - deadline)
    if (at < deadline) {
      this.#check.fails(`fact ${seq} lets order ${booking.id} expire ${deadline - at} ms before its deadline`)
    }
  }

  /** A fact that ends an order names it in full, just as the one that created it. */
  #compare(fact: Fact, booking: Booking): void {
    const same =
      fact.customerId === booking.customer.id &&
      fact.key === booking.key &&
      fact.sku === booking.sku &&
      fact.quantity === booking.quantity &&
      fact.payBefore === booking.payBefore &&
      fact.unitPrice?.amount === booking.amount &&
      fact.unitPrice.currency === booking.currency
    if (!same)
      this.#check.fails(`fact ${fact.seq} describes order ${booking.id} otherwise than fact ${booking.createdSeq}`)
  }

  /** `now` is when the system was seen running; a hold that is still there long after its deadline was forgotten. */
  result(orders: Iterable<Booking>, now: number) {
    let open = 0
    for (const booking of orders) {
      if (!isHeld(booking)) continue
      open++
      const lag = now - (booking.payBefore ?? 0)
      if (lag > OVERDUE_MS_MAX) this.#check.fails(`order ${booking.id} is still held ${lag} ms after its deadline`)
    }
    const late = this.#expired > 0 ? `, the latest ${this.#lagMsMax} ms after its deadline` : ""
    return this.#check.result(`${counted(this.#held, "hold")}, ${this.#expired} expired${late}, ${open} open`)
  }

  violations(): string[] {
    return this.#check.violations()
  }
}

function when(millis: number | undefined): string {
  return millis === undefined ? "nothing" : new Date(millis).toISOString()
}
