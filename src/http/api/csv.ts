import { createdSeq, type Order } from "../../core/order.ts"
import { orderToWire } from "./mapping.ts"

const COLUMNS = ["id", "sku", "quantity", "amount", "currency", "state", "releaseReason", "customerId", "createdAt"]

const utf8 = new TextEncoder()

/** Every order as CSV (RFC 4180), read page by page as fast as the reader takes it. Ids and numbers need no quotes. */
export function csvOf(pageAfter: (after: number) => Promise<Order[]>): ReadableStream<Uint8Array> {
  let after = 0
  return new ReadableStream({
    start: controller => controller.enqueue(utf8.encode(`${COLUMNS.join(",")}\r\n`)),
    async pull(controller) {
      const orders = await pageAfter(after)
      if (orders.length === 0) return controller.close()
      after = createdSeq(orders.at(-1)!)
      controller.enqueue(utf8.encode(orders.map(line).join("")))
    },
  })
}

function line(order: Order): string {
  const { id, sku, quantity, unitPrice, state, releaseReason, customerId, createdAt } = orderToWire(order)
  const cells = [id, sku, quantity, unitPrice.amount, unitPrice.currency, state, releaseReason, customerId, createdAt]
  return `${cells.join(",")}\r\n`
}
