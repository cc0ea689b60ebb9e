import type { Fact } from "../wire/wire.ts"
import { Check, counted } from "./check.ts"
import { isHeld, type JournalOrder } from "./journal-order.ts"
import type { Terms } from "./terms.ts"

/** While the system runs, an overdue hold is released within this time. */
const OVERDUE_MS_MAX = 5_000

/** I11: a hold ends once: the buyer ends it before the deadline, or it expires at the deadline or later. */
export class HoldCheck {
  readonly #check = new Check("I11 holds")
  #held = 0
  #expired = 0
  #early = 0
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

  ended(fact: Fact, order: JournalOrder): void {
    const { seq, at, kind, reason } = fact
    if (kind === "held") this.#check.fails(`fact ${seq} creates order ${order.id}, which exists already`)
    else if (!isHeld(order)) {
      const state = order.endedAs ?? order.createdAs
      const since = order.endedSeq || order.createdSeq
      this.#check.fails(`by fact ${seq} order ${order.id} is ${kind}, but it has been ${state} since fact ${since}`)
    }
    const deadline = order.payBefore ?? 0
    if (kind === "confirmed" && at >= deadline) {
      this.#check.fails(`fact ${seq} confirms order ${order.id} ${at - deadline} ms after its deadline`)
    }
    if (reason === "expired") this.#expires(fact, order, deadline)
    if ((kind === "released") !== (reason !== undefined)) {
      this.#check.fails(`fact ${seq} (${kind}) of order ${order.id} has the reason ${reason ?? "none"}`)
    }
    this.#compare(fact, order)
  }

  #expires({ seq, at, data }: Fact, order: JournalOrder, deadline: number): void {
    this.#expired++
    // The deadline of a hold that was made while the clock was ahead is from a wrong time; the hold lasts its length.
    if (data?.clockPutRight === true) {
      this.#early++
      return
    }
    this.#lagMsMax = Math.max(this.#lagMsMax, at - deadline)
    if (at < deadline) {
      this.#check.fails(`fact ${seq} expires order ${order.id} ${deadline - at} ms before its deadline`)
    }
  }

  /** A fact that ends an order repeats every field of the fact that created it. */
  #compare(fact: Fact, order: JournalOrder): void {
    const same =
      fact.customerId === order.customer.id &&
      fact.key === order.key &&
      fact.sku === order.sku &&
      fact.quantity === order.quantity &&
      fact.payBefore === order.payBefore &&
      fact.unitPrice?.amount === order.amount &&
      fact.unitPrice.currency === order.currency
    if (!same)
      this.#check.fails(`fact ${fact.seq} describes order ${order.id} differently from fact ${order.createdSeq}`)
  }

  /** `now` is a time at which the system was running. It should have released a hold that is more than five seconds overdue. */
  result(orders: Iterable<JournalOrder>, now: number) {
    let open = 0
    for (const order of orders) {
      if (!isHeld(order)) continue
      open++
      const lag = now - (order.payBefore ?? 0)
      if (lag > OVERDUE_MS_MAX) this.#check.fails(`order ${order.id} is still held ${lag} ms after its deadline`)
    }
    const late = this.#expired > 0 ? `, the latest ${this.#lagMsMax} ms after its deadline` : ""
    const early = this.#early > 0 ? `, ${this.#early} by length after the clock was put right` : ""
    return this.#check.result(`${counted(this.#held, "hold")}, ${this.#expired} expired${late}${early}, ${open} open`)
  }

  violations(): string[] {
    return this.#check.violations()
  }
}

function when(millis: number | undefined): string {
  return millis === undefined ? "nothing" : new Date(millis).toISOString()
}
