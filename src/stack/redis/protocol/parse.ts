import type { Answer, Reserve } from "../../../core/command.ts"
import { type Order, orderId } from "../../../core/order.ts"
import type { Millis } from "../../../core/sale.ts"
import type { SaleSnapshot } from "../sale-snapshot.ts"
import { orderFrom } from "./order-text.ts"
import type { Simple } from "./pack.ts"
import { parseHead, type SaleHead } from "./sale-head.ts"

/** Letters that stand for a fact: the answers after them are later in the journal. */
const MADE_A_FACT = new Set(["Y", "c", "e", "r", "W"])

/** A reply as it is read from front to back. */
export class Reply {
  readonly head: SaleHead
  readonly now: Millis
  readonly letters: string
  #seq: number
  #at = 5

  constructor(
    private readonly reply: readonly string[],
    readonly sale: SaleSnapshot,
  ) {
    this.head = parseHead(reply[1]!)
    this.#seq = Number(reply[2])
    this.now = Number(reply[3])
    this.letters = reply[4]!
  }

  /** The sale's last fact when this letter was decided. */
  seqAfter(letter: string): number {
    if (MADE_A_FACT.has(letter)) this.#seq++
    return this.#seq
  }

  text(): string {
    return this.reply[this.#at++]!
  }

  /** `customer order`. */
  order(): Order {
    const [customerId = "", text = ""] = this.text().split(" ")
    return orderFrom(text, customerId, this.sale)
  }
}

export function answersFrom(reply: Reply, commands: readonly Simple[]): Answer[] {
  return commands.map((command, at) => {
    const letter = reply.letters[at]!
    const seq = reply.seqAfter(letter)
    if (command.kind === "reserve") return answerAttempt(reply, command, letter, seq)
    if (command.kind === "confirm" || command.kind === "release") return answerChange(reply, letter, seq)
    return answerSteering(reply, letter, seq)
  })
}

function answerAttempt(reply: Reply, attempt: Reserve, letter: string, seq: number): Answer {
  const { customerId } = attempt
  switch (letter) {
    case "Y":
      return newOrder(reply, attempt, seq)
    case "R": {
      const order = orderFrom(reply.text(), customerId, reply.sale)
      return { outcome: order.state, seq, order, replayed: true }
    }
    case "M":
      return { outcome: "limit_reached", seq, order: orderFrom(reply.text(), customerId, reply.sale) }
    case "f":
      return { outcome: "sold_out", seq, free: Number(reply.text()) }
    case "h": {
      const [free, retryAt] = reply.text().split(" ").map(Number)
      return { outcome: "all_held", seq, free, retryAt }
    }
    case "s":
      return { outcome: "sold_out", seq, free: 0 }
    case "n":
      return { outcome: "sale_not_open", seq, retryAt: reply.head.opensAt }
    case "u":
      return { outcome: "sale_unknown" }
    default:
      return { outcome: PLAIN_REFUSALS[letter]!, seq }
  }
}

const PLAIN_REFUSALS: Record<string, Answer["outcome"]> = {
  i: "invalid_request",
  k: "key_reused",
  b: "overloaded",
  p: "sale_paused",
  l: "sale_closed",
  m: "limit_reached",
}

function newOrder(reply: Reply, attempt: Reserve, seq: number): Answer {
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

function answerChange(reply: Reply, letter: string, seq: number): Answer {
  if (letter === "u") return { outcome: "order_unknown" }
  const order = reply.order()
  if (letter === "c") return { outcome: "confirmed", seq, order }
  if (letter === "d") return { outcome: "confirmed", seq, order, replayed: true }
  if (letter === "r") return { outcome: "released", seq, order }
  if (letter === "t") return { outcome: "released", seq, order, replayed: true }
  return { outcome: letter === "q" ? "order_confirmed" : "order_released", seq, order }
}

function answerSteering(reply: Reply, letter: string, seq: number): Answer {
  if (letter === "u") return { outcome: "sale_unknown" }
  if (letter === "i") return { outcome: "invalid_request", seq, detail: "units must be 1 or more" }
  if (letter === "l") return { outcome: "sale_closed", seq }
  return done(reply)
}

/** The sale as it was at that moment: its head and its document follow. */
export function done(reply: Reply): Answer {
  const [head, document] = [reply.text(), reply.text()]
  const sale = reply.sale.at(head, document)
  return { outcome: "done", seq: sale.seq, sale }
}
