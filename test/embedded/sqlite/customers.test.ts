import { expect, test } from "bun:test"
import { type Order, orderId } from "../../../src/core/order.ts"
import { SaleCustomers } from "../../../src/embedded/sqlite/customers.ts"

const RELEASED_AT = 1_000_000

/** A sale's orders in a map that counts its reads, and the index over them. */
class CountedOrders {
  readonly #orders = new Map<number, Order>()
  reads = 0
  readonly customers = new SaleCustomers(createdSeq => {
    this.reads++
    const order = this.#orders.get(createdSeq)
    return order && { createdSeq, order, releasedAt: order.state === "released" ? RELEASED_AT + order.seq : undefined }
  })

  add(customerId: string, key: string, seq: number): Order {
    const id = orderId(1, seq, "0000")
    const unitPrice = { amount: 1, currency: "IDR" }
    const common = { id, saleId: "drop", sku: "shoe", quantity: 1, unitPrice, customerId, key, createdAt: seq, seq }
    const order: Order = { ...common, state: "held" }
    this.#orders.set(seq, order)
    this.customers.add({ ...order, at: seq })
    return order
  }

  release(order: Order, seq: number): void {
    const released: Order = { ...order, state: "released", seq }
    this.#orders.set(order.seq, released)
    this.customers.release(released, RELEASED_AT + seq)
  }

  /** `count` orders of one customer, each released before the next. */
  churn(customerId: string, count: number): void {
    for (let at = 0; at < count; at++) this.release(this.add(customerId, `k${at}`, 2 * at + 1), 2 * at + 2)
  }

  /** The reads that everything an attempt asks of its customer takes. */
  readsOf(customerId: string, key: string): number {
    const before = this.reads
    const customer = this.customers.customer(customerId)
    customer?.under(key)
    customer?.first()
    return this.reads - before
  }
}

test.each([1, 2, 20, 4000])(
  "given %d released orders, an attempt of their customer reads at most three rows",
  count => {
    const orders = new CountedOrders()
    orders.churn("ann", count)
    orders.add("ann", "standing", 1_000_001)
    for (const key of ["k0", `k${count - 1}`, "standing", "new"]) {
      expect(orders.readsOf("ann", key)).toBeLessThanOrEqual(3)
    }
    expect(orders.readsOf("bob", "k0")).toBe(0)
    const ann = orders.customers.customer("ann")
    expect(ann).toMatchObject({ units: 1, releases: count, releasedAt: RELEASED_AT + 2 * count })
    expect(ann?.first()?.key).toBe("standing")
    expect(ann?.under("k0")).toMatchObject({ key: "k0", state: "released" })
    expect(orders.customers.released).toBe(count)
  },
)

test("a customer with one order needs no sum in memory, and is the same as one with a sum", () => {
  const orders = new CountedOrders()
  const order = orders.add("ann", "k0", 1)
  expect(orders.customers.customer("ann")).toMatchObject({ units: 1, releases: 0, releasedAt: undefined })
  orders.release(order, 2)
  expect(orders.customers.customer("ann")).toMatchObject({ units: 0, releases: 1, releasedAt: RELEASED_AT + 2 })
  expect(orders.customers.customer("ann")?.first()).toBeUndefined()
})
