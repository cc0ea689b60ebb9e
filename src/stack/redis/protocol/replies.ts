import type { Answer, Reserve } from "../../../core/command.ts"
import { type Order, orderId } from "../../../core/order.ts"
import type { Millis, Sale } from "../../../core/sale.ts"
import { type Applied, orderAfter, type Transition } from "../../../core/transition.ts"
import type { SaleSnapshot } from "../sale-snapshot.ts"
import { type CodeName, codeName } from "./codes.ts"
import { orderFrom } from "./order-text.ts"
import { documentOf, parseHead, type SaleHead, saleAfter, saleOf } from "./sale-text.ts"

/** A reply to commands of one sale, read from front to back: one code for each command, and the texts of some. */
export class Reply {
  readonly now: Millis
  /** The sale's last fact when the command whose code was read last had been decided. */
  seq: number
  readonly #codes: string
  #nextCode = 0
  #nextText = 5

  constructor(
    private readonly reply: readonly string[],
    readonly sale: SaleSnapshot,
    readonly head: SaleHead,
  ) {
    this.seq = Number(reply[2])
    this.now = Number(reply[3])
    this.#codes = reply[4]!
  }

  code(): CodeName {
    return codeName(this.#codes[this.#nextCode++])
  }

  text(): string {
    return this.reply[this.#nextText++]!
  }

  /** An order that was asked for. */
  order(): Order | undefined {
    if (this.code() === "no_order") return undefined
    const [customerId = "", text = ""] = this.text().split(" ")
    return orderFrom(text, customerId, this.sale)
  }
}

/** What an attempt is answered; its code comes next. */
export function attemptAnswer(reply: Reply, attempt: Reserve): Answer {
  const code = reply.code()
  const { seq, sale } = reply
  switch (code) {
    case "sold":
      return newOrder(reply, attempt)
    case "replayed": {
      const order = orderFrom(reply.text(), attempt.customerId, sale)
      return { outcome: order.state, seq, order, replayed: true }
    }
    case "limit_reached_with":
      return { outcome: "limit_reached", seq, order: orderFrom(reply.text(), attempt.customerId, sale) }
    case "few_free":
      return { outcome: "sold_out", seq, free: Number(reply.text()) }
    case "all_held": {
      const [free, retryAt] = reply.text().split(" ").map(Number)
      return { outcome: "all_held", seq, free, retryAt }
    }
    case "sold_out":
      return { outcome: "sold_out", seq, free: 0 }
    case "sale_not_open":
      return { outcome: "sale_not_open", seq, retryAt: reply.head.opensAt }
    case "sale_unknown":
      return { outcome: "sale_unknown" }
    case "invalid":
      return { outcome: "invalid_request", seq }
    case "key_reused":
    case "overloaded":
    case "sale_paused":
    case "sale_closed":
    case "limit_reached":
      return { outcome: code, seq }
    default:
      throw new Error(`The store answered an attempt with the code ${code}.`)
  }
}

function newOrder(reply: Reply, attempt: Reserve): Answer {
  const seq = ++reply.seq
  const { sale, now, head } = reply
  const { sku, quantity, customerId, key, suffix } = attempt
  const item = head.items.find(item => item.sku === sku)!
  const held = sale.checkout === "hold"
  const order: Order = {
    id: orderId(sale.number, seq, suffix),
    saleId: sale.id,
    sku,
    quantity,
    unitPrice: { amount: item.amount, currency: item.currency },
    state: held ? "held" : "confirmed",
    customerId,
    key,
    createdAt: now,
    payBefore: held ? now + (head.holdSeconds ?? 0) * 1000 : undefined,
    seq,
  }
  return { outcome: order.state, seq, order }
}

/**
 * What a transition has made of the sale; its code was `applied`. `before` is the sale as the rule saw it. Where its
 * version was guarded, the sale differs since then by its stock and its place in the chain alone.
 */
export function appliedFrom(reply: Reply, { guards, changes }: Transition, before: Sale): Applied & { head: SaleHead } {
  const { now, seq } = reply
  const orders = changes.flatMap(({ order }, at) => (order ? [orderAfter(order, before, seq + at + 1, now)] : []))
  reply.seq += changes.length
  const head = guards.some(({ kind }) => kind === "version") ? parseHead(reply.text()) : reply.head
  return {
    seq: reply.seq,
    orders,
    head,
    get sale() {
      return saleOf(before.number, documentOf(saleAfter(before, changes)), head)
    },
  }
}
