import type { Answer, Reserve } from "../../../core/command.ts"
import { type Order, orderId } from "../../../core/order.ts"
import { COOLING_DOWN, FULL, TOO_MANY_RELEASES } from "../../../core/rules.ts"
import type { Millis, Sale } from "../../../core/sale.ts"
import { type Applied, orderAfter, type Transition } from "../../../core/transition.ts"
import type { SaleSnapshot } from "../sale-snapshot.ts"
import { type CodeName, codeName } from "./codes.ts"
import { digestIn, orderFrom } from "./record-text.ts"
import { documentOf, parseHead, type SaleHead, saleAfter, saleOf } from "./sale-text.ts"

/** A reply to commands of one sale, read from front to back: a code for each command, and the texts that some codes need. */
export class Reply {
  readonly now: Millis
  /** The sale's last fact after the command whose code was read last. */
  seq: number
  readonly #codes: string
  #nextCode = 0
  #nextText = 5

  constructor(
    private readonly reply: readonly string[],
    readonly sale: SaleSnapshot,
    readonly head: SaleHead,
  ) {
    const [, , seq, now, codes = ""] = reply
    this.seq = Number(seq)
    this.now = Number(now)
    this.#codes = codes
  }

  code(): CodeName {
    return codeName(this.#codes[this.#nextCode++])
  }

  text(): string {
    const text = this.reply[this.#nextText++]
    if (text === undefined) throw new Error("The store's reply ends before the text that its code needs.")
    return text
  }

  /** The key with the digest of its command, if the key that the call asked about has been used. */
  digest(key: string): [key: string, digest: string][] {
    this.code()
    const digest = digestIn(this.text())
    return digest === undefined ? [] : [[key, digest]]
  }

  /** An order that the call asked for; undefined if the store does not have it. */
  order(): Order | undefined {
    if (this.code() === "no_order") return undefined
    const [customerId = "", text = ""] = this.text().split(" ")
    return orderFrom(text, customerId, this.sale)
  }
}

/** Reads the answer to an attempt, whose code is the next one. */
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
    case "limit_reached_by_releases":
      return { outcome: "limit_reached", seq, detail: TOO_MANY_RELEASES }
    case "cooling_down":
      return { outcome: "rate_limited", seq, retryAt: Number(reply.text()), detail: COOLING_DOWN }
    case "full":
      return { outcome: "overloaded", seq, detail: FULL }
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
  const item = head.items.find(item => item.sku === sku)
  if (!item) throw new Error(`The store sold ${sku}, which is no item of ${sale.id}.`)
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
 * Reads what a transition changed, after its code `applied`. `before` is the sale as the rule saw it. If the transition
 * guarded the sale's version, only stock and chain can have changed since then.
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
