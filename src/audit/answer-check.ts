import { Check, counted } from "./check.ts"
import { type Completion, describeRequest, type Invocation } from "./history.ts"
import { type JournalOrder, stateAt } from "./journal-order.ts"
import type { OrderIndex } from "./order-index.ts"

/** Requests with the key, sku and quantity of one order. */
interface Attempts {
  sent: number
  failed: number
  /** How many were answered as a new order rather than as a replay. */
  fresh: number
}

/** Refusals that the store gives only after it has looked for an order under the same key. */
const AFTER_REPLAY = new Set([
  "sale_not_open",
  "sale_paused",
  "sale_closed",
  "not_admitted",
  "limit_reached",
  "all_held",
  "sold_out",
])

/** I5 to I8: compares what buyers were told with the orders of the journal. */
export class AnswerCheck {
  readonly #durable = new Check("I5 durable ack")
  readonly #phantom = new Check("I6 no phantom")
  readonly #final = new Check("I7 fail is final")
  readonly #attempts = new Map<JournalOrder, Attempts>()
  #acks = 0
  #fails = 0

  constructor(
    private readonly orders: OrderIndex,
    private readonly idempotent: Check,
  ) {}

  sent(invocation: Invocation): void {
    const order = this.orders.under(invocation.customer, invocation.key)
    if (!order || !isFor(invocation, order)) return
    const attempts = this.#attempts.get(order) ?? { sent: 0, failed: 0, fresh: 0 }
    attempts.sent++
    this.#attempts.set(order, attempts)
  }

  acknowledged(invocation: Invocation, completion: Completion): void {
    this.#acks++
    const who = describeRequest(invocation, completion)
    const order = this.orders.byId.get(completion.orderId ?? "")
    if (!order) {
      this.#durable.fails(`${who} got order ${completion.orderId}, which is not in the journal`)
      return
    }
    if (order.customer.id !== invocation.customer || order.key !== invocation.key) {
      const owner = `${order.customer.id} under key ${order.key}`
      this.#durable.fails(`${who} got order ${order.id} under key ${invocation.key}, but the order belongs to ${owner}`)
      return
    }
    if (!isFor(invocation, order)) {
      const asked = `${invocation.quantity} of ${invocation.sku}`
      this.idempotent.fails(`${who} asked for ${asked} and got ${order.quantity} of ${order.sku}`)
    }
    this.#compareState(who, completion, order)
  }

  #compareState(who: string, completion: Completion, order: JournalOrder): void {
    const { id, createdSeq, endedSeq } = order
    const seq = completion.seq ?? createdSeq
    if (seq !== createdSeq && seq !== endedSeq) {
      this.#durable.fails(`${who} got order ${id} as of fact ${seq}, which concerns something else`)
    } else if (completion.state !== stateAt(order, seq)) {
      this.#durable.fails(
        `${who} was told that order ${id} is ${completion.state}, but fact ${seq} says ${stateAt(order, seq)}`,
      )
    }
    const final = stateAt(order, Number.POSITIVE_INFINITY)
    if (completion.state === "confirmed" && final !== "confirmed") {
      this.#durable.fails(
        `${who} was told that order ${id} is confirmed, but it has been ${final} since fact ${endedSeq}`,
      )
    }
    if (completion.replayed) return
    if (seq !== createdSeq) this.#durable.fails(`${who} got order ${id} as new, but with the later fact ${seq}`)
    const attempts = this.#attempts.get(order)
    if (attempts && ++attempts.fresh > 1) this.idempotent.fails(`${who} got order ${id} as new for the second time`)
  }

  refused(invocation: Invocation, completion: Completion): void {
    this.#fails++
    const { code = "", seq } = completion
    const order = this.orders.under(invocation.customer, invocation.key)
    const matching = order !== undefined && isFor(invocation, order)
    const attempts = matching ? this.#attempts.get(order) : undefined
    if (attempts) attempts.failed++
    const existed = order !== undefined && order.createdSeq <= (seq ?? Number.POSITIVE_INFINITY)
    if (code === "key_reused" && (!existed || matching)) {
      this.idempotent.fails(
        `${describeRequest(invocation, completion)} was refused as key_reused, but no other purchase used the key`,
      )
    }
    if (existed && seq !== undefined && AFTER_REPLAY.has(code)) {
      const earlier = `order ${order.id} had existed under its key since fact ${order.createdSeq}`
      this.idempotent.fails(
        `${describeRequest(invocation, completion)} was refused as ${code} at fact ${seq}, but ${earlier}`,
      )
    }
  }

  /** `complete` means that the history contains every request for the sale. */
  results(complete: boolean) {
    for (const [order, { sent, failed }] of this.#attempts) {
      if (sent > failed) continue
      const told = sent === 1 ? "its only request" : `each of its ${sent} requests`
      this.#final.fails(`order ${order.id} of ${order.customer.id} exists, but ${told} was refused`)
    }
    return [
      this.#durable.result(`${counted(this.#acks, "acknowledgement")}, each as in the journal`),
      complete ? this.#phantoms() : this.#phantom.skipped("the history does not claim to be complete"),
      this.#final.result(`${counted(this.#fails, "refusal")}, none of them took effect`),
    ]
  }

  #phantoms() {
    for (const order of this.orders.byId.values()) {
      if (this.#attempts.has(order)) continue
      const bought = `${order.quantity} of ${order.sku} for ${order.customer.id}`
      this.#phantom.fails(`order ${order.id} (fact ${order.createdSeq}: ${bought}) has no request in the history`)
    }
    return this.#phantom.result(`${counted(this.orders.byId.size, "order")}, each with a request`)
  }

  violations(): string[] {
    return [...this.#durable.violations(), ...this.#phantom.violations(), ...this.#final.violations()]
  }

  skipped(why: string) {
    return [this.#durable, this.#phantom, this.#final].map(check => check.skipped(why))
  }
}

function isFor(invocation: Invocation, order: JournalOrder): boolean {
  return invocation.sku === order.sku && invocation.quantity === order.quantity
}
