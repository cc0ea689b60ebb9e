import type { Fact } from "../wire/wire.ts"
import type { Check } from "./check.ts"
import { type Customer, customerIn, giveBack, type JournalOrder, orderOf, orderUnder } from "./journal-order.ts"

/**
 * Every order and customer of the journal. It also checks the part of I8 that needs only the journal: one order per
 * key.
 */
export class OrderIndex {
  readonly byId = new Map<string, JournalOrder>()
  readonly #customers = new Map<string, Customer>()

  constructor(private readonly idempotent: Check) {}

  customer(id: string): Customer | undefined {
    return this.#customers.get(id)
  }

  under(customerId: string, key: string): JournalOrder | undefined {
    return orderUnder(this.#customers.get(customerId), key)
  }

  /** Adds the order that a fact creates. */
  add(fact: Fact): JournalOrder {
    const customer = customerIn(this.#customers, fact.customerId ?? "")
    const order = orderOf(fact, customer)
    const twin = orderUnder(customer, order.key)
    if (twin) {
      this.idempotent.fails(`fact ${fact.seq} gives ${customer.id} order ${order.id} under the key of order ${twin.id}`)
    }
    customer.latest = order
    customer.units += order.quantity
    this.byId.set(order.id, order)
    return order
  }

  end(order: JournalOrder, fact: Fact): void {
    if (fact.kind === "released") giveBack(order, fact.at)
    order.endedSeq = fact.seq
    order.endedAs = fact.kind === "released" ? "released" : "confirmed"
    order.reason = fact.reason
  }

  get customerCount(): number {
    return this.#customers.size
  }
}
