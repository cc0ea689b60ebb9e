import type { Fact } from "../wire/wire.ts"
import type { Check } from "./check.ts"
import { type Customer, type JournalOrder, orderUnder } from "./journal-order.ts"

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
    const customer = this.#customerOf(fact.customerId ?? "")
    const key = fact.key ?? ""
    const twin = orderUnder(customer, key)
    const order: JournalOrder = {
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
      this.idempotent.fails(`fact ${fact.seq} gives ${customer.id} order ${order.id} under the key of order ${twin.id}`)
    }
    customer.latest = order
    customer.units += order.quantity
    this.byId.set(order.id, order)
    return order
  }

  end(order: JournalOrder, fact: Fact): void {
    if (fact.kind === "released") {
      order.customer.units -= order.quantity
      order.customer.releases++
      order.customer.releasedAt = fact.at
    }
    order.endedSeq = fact.seq
    order.endedAs = fact.kind === "released" ? "released" : "confirmed"
    order.reason = fact.reason
  }

  #customerOf(id: string): Customer {
    const known = this.#customers.get(id)
    if (known) return known
    const customer: Customer = { id, units: 0, releases: 0, releasedAt: undefined, latest: undefined }
    this.#customers.set(id, customer)
    return customer
  }

  get customerCount(): number {
    return this.#customers.size
  }
}
