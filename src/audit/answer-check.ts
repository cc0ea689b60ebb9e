import { Check, counted } from "./check.ts"
import { type Invoke, naming, type Reply } from "./history.ts"
import { type Booking, stateAt } from "./journal-order.ts"
import type { Orders } from "./order-index.ts"

/** Requests under the key of an order, with the very sku and quantity of the order. */
interface Attempts {
  sent: number
  failed: number
  /** Answered as a new order, not as a repeat. */
  fresh: number
}

/** Refusals that the store decides after it has looked for an order under the same key. */
const AFTER_REPLAY = new Set([
  "sale_not_open",
  "sale_paused",
  "sale_closed",
  "not_admitted",
  "limit_reached",
  "all_held",
  "sold_out",
])

/** I5 to I8: what buyers were told, against the orders that the journal has. */
export class Answers {
  readonly #durable = new Check("I5 durable ack")
  readonly #phantom = new Check("I6 no phantom")
  readonly #final = new Check("I7 fail is final")
  readonly #attempts = new Map<Booking, Attempts>()
  #acks = 0
  #fails = 0

  constructor(
    private readonly orders: Orders,
    private readonly idempotent: Check,
  ) {}

  sent(invoke: Invoke): void {
    const booking = this.orders.under(invoke.customer, invoke.key)
    if (!booking || !isFor(invoke, booking)) return
    const attempts = this.#attempts.get(booking) ?? { sent: 0, failed: 0, fresh: 0 }
    attempts.sent++
    this.#attempts.set(booking, attempts)
  }

  acknowledged(invoke: Invoke, reply: Reply): void {
    this.#acks++
    const who = naming(invoke, reply)
    const booking = this.orders.byId.get(reply.orderId ?? "")
    if (!booking) {
      this.#durable.fails(`${who} was given order ${reply.orderId}, which the journal does not have`)
      return
    }
    if (booking.customer.id !== invoke.customer || booking.key !== invoke.key) {
      const owner = `${booking.customer.id} under key ${booking.key}`
      this.#durable.fails(`${who} was given order ${booking.id} under key ${invoke.key}, but it is of ${owner}`)
      return
    }
    if (!isFor(invoke, booking)) {
      const asked = `${invoke.quantity} of ${invoke.sku}`
      this.idempotent.fails(`${who} asked for ${asked} and was given ${booking.quantity} of ${booking.sku}`)
    }
    this.#compareState(who, reply, booking)
  }

  #compareState(who: string, reply: Reply, booking: Booking): void {
    const { id, createdSeq, endedSeq } = booking
    const seq = reply.seq ?? createdSeq
    if (seq !== createdSeq && seq !== endedSeq) {
      this.#durable.fails(`${who} was given order ${id} as of fact ${seq}, which is not about it`)
    } else if (reply.state !== stateAt(booking, seq)) {
      this.#durable.fails(`${who} was told ${reply.state} of order ${id}, fact ${seq} says ${stateAt(booking, seq)}`)
    }
    const final = stateAt(booking, Number.POSITIVE_INFINITY)
    if (reply.state === "confirmed" && final !== "confirmed") {
      this.#durable.fails(`${who} was told that order ${id} is confirmed, but it is ${final} since fact ${endedSeq}`)
    }
    if (reply.replayed) return
    if (seq !== createdSeq) this.#durable.fails(`${who} was given order ${id} as new, with fact ${seq}`)
    const attempts = this.#attempts.get(booking)
    if (attempts && ++attempts.fresh > 1) this.idempotent.fails(`${who} was given order ${id} as new, a second time`)
  }

  refused(invoke: Invoke, reply: Reply): void {
    this.#fails++
    const { code = "", seq } = reply
    const booking = this.orders.under(invoke.customer, invoke.key)
    const matching = booking !== undefined && isFor(invoke, booking)
    const attempts = matching ? this.#attempts.get(booking) : undefined
    if (attempts) attempts.failed++
    const existed = booking !== undefined && booking.createdSeq <= (seq ?? Number.POSITIVE_INFINITY)
    if (code === "key_reused" && (!existed || matching)) {
      this.idempotent.fails(`${naming(invoke, reply)} was refused as key_reused, but nothing else used the key`)
    }
    if (existed && seq !== undefined && AFTER_REPLAY.has(code)) {
      const order = `order ${booking.id} existed under its key since fact ${booking.createdSeq}`
      this.idempotent.fails(`${naming(invoke, reply)} was refused as ${code} at fact ${seq}, but ${order}`)
    }
  }

  /** `complete`: the history claims to hold every request that the sale ever got. */
  results(complete: boolean) {
    for (const [booking, { sent, failed }] of this.#attempts) {
      if (sent > failed) continue
      const told = sent === 1 ? "its only request" : `each of its ${sent} requests`
      this.#final.fails(`order ${booking.id} of ${booking.customer.id} exists, but ${told} was refused`)
    }
    return [
      this.#durable.result(`${counted(this.#acks, "acknowledgement")}, each in the journal as told`),
      complete ? this.#phantoms() : this.#phantom.skipped("the history does not claim to be complete"),
      this.#final.result(`${counted(this.#fails, "refusal")}, none of them with effect`),
    ]
  }

  #phantoms() {
    for (const booking of this.orders.byId.values()) {
      if (this.#attempts.has(booking)) continue
      const bought = `${booking.quantity} of ${booking.sku} for ${booking.customer.id}`
      this.#phantom.fails(`order ${booking.id} (fact ${booking.createdSeq}: ${bought}) was asked for by nobody`)
    }
    return this.#phantom.result(`${counted(this.orders.byId.size, "order")}, each asked for`)
  }

  violations(): string[] {
    return [...this.#durable.violations(), ...this.#phantom.violations(), ...this.#final.violations()]
  }

  skipped(why: string) {
    return [this.#durable, this.#phantom, this.#final].map(check => check.skipped(why))
  }
}

function isFor(invoke: Invoke, booking: Booking): boolean {
  return invoke.sku === booking.sku && invoke.quantity === booking.quantity
}
