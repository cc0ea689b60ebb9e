import type { Order, Sale } from "../wire/wire.ts"
import type { Chain } from "./chain-check.ts"
import { Check, counted } from "./check.ts"
import { type Booking, stateAt } from "./journal-order.ts"
import type { Orders } from "./order-index.ts"
import type { Units } from "./stock-check.ts"
import type { TermsOverTime } from "./terms.ts"

/** What the store tells of a sale that the journal tells too; the end of the hash chain where that is told. */
export type ToldSale = Omit<Sale, "name" | "description" | "state"> & { hash?: string }

/** I9: the sale's counters and the table of orders are exactly what the journal adds up to. */
export class Ledger {
  readonly #check = new Check("I9 ledger = journal")
  readonly #ahead: Order[] = []
  #listed = 0
  /** Every order and every change up to this fact must show in the table. */
  #mustShow: number

  constructor(
    private readonly sale: ToldSale,
    private readonly orders: Orders,
    private readonly chain: Chain,
  ) {
    this.#mustShow = sale.seq
  }

  /** The journal has just reached the fact at which the sale was told. */
  compareSale(units: Map<string, Units>, terms: TermsOverTime): void {
    const { sale } = this
    for (const { sku, total, free, held, sold } of sale.items) {
      const own = units.get(sku)
      const same = own && own.total === total && own.free === free && own.held === held && own.sold === sold
      if (same) continue
      const sum = own ? text(own) : "no such item"
      this.#check.fails(
        `the sale says ${text({ total, free, held, sold })} of ${sku} at fact ${sale.seq}, facts say ${sum}`,
      )
    }
    if (units.size !== sale.items.length) {
      this.#check.fails(`the sale has ${counted(sale.items.length, "item")}, facts stock ${units.size}`)
    }
    if (sale.hash !== undefined && sale.hash !== this.chain.hash) {
      this.#check.fails(`the sale's hash is not that of fact ${sale.seq}`)
    }
    this.#compareTerms(terms)
  }

  #compareTerms({ now }: TermsOverTime): void {
    const { opensAt, closesAt, checkout, holdSeconds, limitPerCustomer } = this.sale
    const told = [Date.parse(opensAt), closesAt && Date.parse(closesAt), checkout, holdSeconds, limitPerCustomer]
    const own = [now?.opensAt, now?.closesAt, now?.checkout, now?.holdSeconds, now?.limitPerCustomer]
    const names = ["opensAt", "closesAt", "checkout", "holdSeconds", "limitPerCustomer"]
    for (const [at, name] of names.entries()) {
      if (told[at] !== own[at]) this.#check.fails(`the sale says ${name} ${told[at]}, facts say ${own[at]}`)
    }
  }

  /** Orders are read after the facts so far: nothing up to these may be missing from the table. */
  order(order: Order): void {
    if (this.#listed++ === 0) this.#mustShow = Math.max(this.#mustShow, this.chain.seq)
    if (order.seq > this.chain.seq) this.#ahead.push(order)
    else this.#compare(order)
  }

  #compare(order: Order): void {
    const { id, seq } = order
    const booking = this.orders.byId.get(id)
    if (!booking) {
      this.#check.fails(`order ${id} of ${order.customerId} is in the ledger, but no fact creates it`)
      return
    }
    if (booking.listed) this.#check.fails(`order ${id} is in the ledger twice`)
    booking.listed = true
    const difference = differenceOf(order, booking)
    if (difference) this.#check.fails(`order ${id}: the ledger says ${difference}`)
    const { createdSeq, endedSeq } = booking
    const current = endedSeq > 0 && endedSeq <= Math.max(seq, this.#mustShow) ? endedSeq : createdSeq
    if (seq !== current) this.#check.fails(`order ${id}: the ledger says fact ${seq}, the last about it is ${current}`)
    else if (order.state !== stateAt(booking, seq)) {
      this.#check.fails(`order ${id}: the ledger says ${order.state}, fact ${seq} says ${stateAt(booking, seq)}`)
    }
  }

  result() {
    for (const order of this.#ahead) this.#compare(order)
    const { seq } = this.chain
    if (seq < this.sale.seq) this.#check.fails(`the sale is at fact ${this.sale.seq}, the journal ends at ${seq}`)
    for (const { id, listed, createdSeq, customer } of this.orders.byId.values()) {
      if (listed || createdSeq > this.#mustShow) continue
      this.#check.fails(`order ${id} of ${customer.id} (fact ${createdSeq}) is not in the ledger`)
    }
    return this.#check.result(`${counted(this.#listed, "order")} and the counters are what the facts add up to`)
  }

  /** Orders are told with a later fact than the journal has been read to. */
  get isAhead(): boolean {
    return this.#ahead.some(order => order.seq > this.chain.seq)
  }

  violations(): string[] {
    return this.#check.violations()
  }
}

/** What an order never changes, and its reason; the first that differs. */
function differenceOf(order: Order, booking: Booking): string | undefined {
  const { id, createdSeq, customer, sku, quantity, amount, currency, createdAt, payBefore, reason, endedSeq } = booking
  const pairs: [string, unknown, unknown][] = [
    ["id of fact", Number(/\d+/.exec(id)?.[0]), createdSeq],
    ["customer", order.customerId, customer.id],
    ["sku", order.sku, sku],
    ["quantity", order.quantity, quantity],
    ["price", order.unitPrice.amount, amount],
    ["currency", order.unitPrice.currency, currency],
    ["createdAt", Date.parse(order.createdAt), createdAt],
    ["payBefore", order.payBefore && Date.parse(order.payBefore), payBefore],
    ["reason", order.releaseReason, endedSeq === order.seq ? reason : undefined],
  ]
  const differing = pairs.find(([, told, own]) => told !== own)
  return differing && `${differing[0]} ${differing[1]}, the facts say ${differing[2]}`
}

function text({ total, free, held, sold }: Units): string {
  return `${free} free + ${held} held + ${sold} sold of ${total}`
}
