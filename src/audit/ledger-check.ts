import type { Order, Sale } from "../wire/wire.ts"
import type { ChainCheck } from "./chain-check.ts"
import { Check, counted } from "./check.ts"
import { type JournalOrder, stateAt } from "./journal-order.ts"
import type { OrderIndex } from "./order-index.ts"
import type { Units } from "./stock-check.ts"
import type { TermsHistory } from "./terms.ts"

/** The part of a sale that its journal also describes, and the last hash where the source has it. */
export type AuditedSale = Omit<Sale, "name" | "description" | "state" | "version"> & { hash?: string | undefined }

/** I9: the sale's counters and the table of orders equal the sum of the journal. */
export class LedgerCheck {
  readonly #check = new Check("I9 ledger = journal")
  readonly #ahead: Order[] = []
  #listed = 0
  /** The table must contain every order and every change up to this fact. */
  #mustShow: number

  constructor(
    private readonly sale: AuditedSale,
    private readonly orders: OrderIndex,
    private readonly chain: ChainCheck,
  ) {
    this.#mustShow = sale.seq
  }

  /** Call this right after the fact that the sale's `seq` names. */
  compareSale(units: Map<string, Units>, terms: TermsHistory): void {
    const { sale } = this
    for (const { sku, total, free, held, sold } of sale.items) {
      const own = units.get(sku)
      const same = own && own.total === total && own.free === free && own.held === held && own.sold === sold
      if (same) continue
      const sum = own ? text(own) : "no such item"
      this.#check.fails(
        `at fact ${sale.seq} the sale says ${text({ total, free, held, sold })} ${sku}, but the facts say ${sum}`,
      )
    }
    if (units.size !== sale.items.length) {
      this.#check.fails(`the sale has ${counted(sale.items.length, "item")}, but the facts stock ${units.size}`)
    }
    if (sale.hash !== undefined && sale.hash !== this.chain.hash) {
      this.#check.fails(`the sale's hash differs from the hash of fact ${sale.seq}`)
    }
    this.#compareTerms(terms)
  }

  #compareTerms({ now }: TermsHistory): void {
    const { opensAt, closesAt, checkout, holdSeconds, limitPerCustomer, maxReleases, cooldownSeconds } = this.sale
    const times = [Date.parse(opensAt), closesAt && Date.parse(closesAt)]
    const told = [...times, checkout, holdSeconds, limitPerCustomer, maxReleases, cooldownSeconds]
    const names = [
      "opensAt",
      "closesAt",
      "checkout",
      "holdSeconds",
      "limitPerCustomer",
      "maxReleases",
      "cooldownSeconds",
    ] as const
    const own = names.map(name => now?.[name])
    for (const [at, name] of names.entries()) {
      if (told[at] !== own[at]) this.#check.fails(`the sale says ${name} ${told[at]}, but the facts say ${own[at]}`)
    }
  }

  /** Orders are read after these facts, so the table must contain every order and change up to the last of them. */
  order(order: Order): void {
    if (this.#listed++ === 0) this.#mustShow = Math.max(this.#mustShow, this.chain.seq)
    if (order.seq > this.chain.seq) this.#ahead.push(order)
    else this.#compare(order)
  }

  #compare(order: Order): void {
    const { id, seq } = order
    const known = this.orders.byId.get(id)
    if (!known) {
      this.#check.fails(`order ${id} of ${order.customerId} is in the ledger, but no fact creates it`)
      return
    }
    if (known.listed) this.#check.fails(`order ${id} is in the ledger twice`)
    known.listed = true
    const difference = differenceOf(order, known)
    if (difference) this.#check.fails(`order ${id}: the ledger says ${difference}`)
    const { createdSeq, endedSeq } = known
    const current = endedSeq > 0 && endedSeq <= Math.max(seq, this.#mustShow) ? endedSeq : createdSeq
    if (seq !== current) this.#check.fails(`order ${id}: the ledger says fact ${seq}, but its last fact is ${current}`)
    else if (order.state !== stateAt(known, seq)) {
      this.#check.fails(`order ${id}: the ledger says ${order.state}, but fact ${seq} says ${stateAt(known, seq)}`)
    }
  }

  fails(line: string): void {
    this.#check.fails(line)
  }

  result() {
    for (const order of this.#ahead) this.#compare(order)
    const { seq } = this.chain
    if (seq < this.sale.seq)
      this.#check.fails(`the sale is at fact ${this.sale.seq}, but the journal ends at fact ${seq}`)
    for (const { id, listed, createdSeq, customer } of this.orders.byId.values()) {
      if (listed || createdSeq > this.#mustShow) continue
      this.#check.fails(`order ${id} of ${customer.id} (fact ${createdSeq}) is not in the ledger`)
    }
    return this.#check.result(`${counted(this.#listed, "order")} and the counters match the facts`)
  }

  violations(): string[] {
    return this.#check.violations()
  }
}

/** The first difference in the fields that an order never changes, or in its reason. */
function differenceOf(order: Order, known: JournalOrder): string | undefined {
  const { id, createdSeq, customer, sku, quantity, amount, currency, createdAt, payBefore, reason, endedSeq } = known
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
  return differing && `${differing[0]} ${differing[1]}, but the facts say ${differing[2]}`
}

function text({ total, free, held, sold }: Units): string {
  return `${free} free + ${held} held + ${sold} sold of ${total}`
}
