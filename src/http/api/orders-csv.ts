import type { Fact } from "../../core/fact.ts"
import { changesOrder } from "../../core/fold.ts"
import { createdSeq, type Order } from "../../core/order.ts"
import type { Inventory } from "../../core/ports/inventory.ts"
import type { Millis } from "../../core/sale.ts"
import { moneyText } from "../../wire/given.ts"
import { orderToWire } from "./mapping.ts"
import { sheetText } from "./sheet-text.ts"

const PAGE = 1000
/** The first nine have been there from the start. `amount` and `totalAmount` are in minor units. */
const COLUMNS = [
  ...["id", "sku", "quantity", "amount", "currency", "state", "releaseReason", "customerId", "createdAt"],
  ...["totalAmount", "unitPrice", "totalPrice", "payBefore", "confirmedAt", "releasedAt"],
]

const utf8 = new TextEncoder()

/** Every order of a sale as CSV (RFC 4180). Pages are read only as fast as the client takes them. */
export function ordersCsv(inventory: Pick<Inventory, "orders" | "facts">, saleId: string): ReadableStream<Uint8Array> {
  const changes = new ChangeTimes((after, limit) => inventory.facts(saleId, after, limit))
  let after = 0
  return new ReadableStream({
    start: controller => controller.enqueue(utf8.encode(lineOf(COLUMNS))),
    async pull(controller) {
      const orders = await inventory.orders(saleId, after, PAGE)
      const last = orders.at(-1)
      if (!last) return controller.close()
      after = createdSeq(last)
      await changes.readTo(Math.max(...orders.map(({ seq }) => seq)))
      controller.enqueue(utf8.encode(orders.map(order => lineOf(cellsOf(order, changes.timeOf(order)))).join("")))
    },
  })
}

/**
 * When orders came into their states, which an order does not say itself. The journal is read once, beside the orders; a
 * time is forgotten when its order has asked for it.
 */
class ChangeTimes {
  readonly #times = new Map<number, Millis>()
  #read = 0

  constructor(private readonly factsAfter: (after: number, limit: number) => Promise<Fact[]>) {}

  async readTo(seq: number): Promise<void> {
    while (this.#read < seq) {
      const facts = await this.factsAfter(this.#read, PAGE)
      for (const fact of facts) if (changesOrder(fact)) this.#times.set(fact.seq, fact.at)
      const last = facts.at(-1)
      if (!last) return
      this.#read = last.seq
    }
  }

  timeOf(order: Order): Millis | undefined {
    if (order.seq === createdSeq(order)) return order.createdAt
    const time = this.#times.get(order.seq)
    this.#times.delete(order.seq)
    return time
  }
}

function cellsOf(order: Order, changedAt: Millis | undefined): (string | number | undefined)[] {
  const { id, sku, quantity, unitPrice, state, releaseReason, customerId, createdAt, payBefore } = orderToWire(order)
  const { amount, currency } = unitPrice
  const at = changedAt === undefined ? undefined : new Date(changedAt).toISOString()
  const total = String(BigInt(amount) * BigInt(quantity))
  const texts = [moneyText({ amount: String(amount), currency }), moneyText({ amount: total, currency })]
  return [
    ...[sheetText(id), sheetText(sku), quantity, sheetText(String(amount)), currency, state, releaseReason],
    ...[sheetText(customerId), createdAt, sheetText(total), ...texts, payBefore],
    ...[state === "confirmed" ? at : undefined, state === "released" ? at : undefined],
  ]
}

/** No cell needs quotes: none has a comma, a quote or the end of a line. */
function lineOf(cells: readonly (string | number | undefined)[]): string {
  return `${cells.join(",")}\r\n`
}
