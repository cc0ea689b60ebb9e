import { createHash } from "node:crypto"
import type { AuditReport, Fact, Order } from "../wire/wire.ts"
import { type AuditedPage, ChainCheck } from "./chain-check.ts"
import { Check, counted } from "./check.ts"
import { HoldCheck } from "./hold-check.ts"
import { type Customer, customerIn, giveBack, type JournalOrder, orderOf } from "./journal-order.ts"
import { type AuditedSale, LedgerCheck } from "./ledger-check.ts"
import { OrderIndex } from "./order-index.ts"
import { type Reading, readFact } from "./read-fact.ts"
import { type OwedUnits, RefusalCheck } from "./refusal-check.ts"
import { StockCheck } from "./stock-check.ts"
import { LimitCheck, PriceCheck, TermsHistory, WindowCheck } from "./terms.ts"

/**
 * The audit of a sale that everybody may read, made in little memory: it keeps only the orders that are held, one sum for
 * each customer and the digest of each key. Orders that have ended are added up into one number, and so are the rows of
 * the table of orders; the two must be the same. Give it the facts in order, then the orders.
 */
export class SaleProof {
  readonly #idempotent = new Check("I8 idempotent")
  readonly #terms = new TermsHistory()
  readonly #limit = new LimitCheck()
  readonly #holds = new HoldCheck()
  readonly #window = new WindowCheck()
  readonly #price = new PriceCheck()
  readonly #stock = new StockCheck(false)
  readonly #chain: ChainCheck
  readonly #ledger: LedgerCheck
  readonly #leaks: RefusalCheck
  readonly #reading: Reading
  readonly #held = new Map<string, JournalOrder>()
  readonly #customers = new Map<string, Customer>()
  readonly #keys = new Set<string>()
  readonly #owed: OwedUnits = new Map()
  #orders = 0
  #ended = 0n
  #listed = 0
  #table = 0n

  constructor(private readonly sale: AuditedSale) {
    const orders = new OrderIndex(this.#idempotent)
    this.#chain = new ChainCheck(sale.id)
    this.#ledger = new LedgerCheck(sale, orders, this.#chain)
    const reading = { chain: this.#chain, terms: this.#terms, stock: this.#stock }
    this.#leaks = new RefusalCheck({ ...reading, orders })
    this.#reading = { ...reading, ledger: this.#ledger, seq: sale.seq }
  }

  /** The last fact read. */
  get seq(): number {
    return this.#chain.seq
  }

  /** The seal as of the last fact read. */
  get seal(): string {
    return this.#chain.seal
  }

  /** A page that was sealed. Give pages in order, each before its facts. */
  sealed(page: AuditedPage): void {
    this.#chain.sealed(page)
  }

  fact(fact: Fact): void {
    readFact(fact, this.#reading, known => this.#transition(known))
  }

  order(order: Order): void {
    const { id, customerId, sku, quantity, unitPrice, state, releaseReason, createdAt, payBefore, seq } = order
    const deadline = payBefore && Date.parse(payBefore)
    this.#listed++
    this.#table += digestOf([
      id,
      customerId,
      sku,
      quantity,
      unitPrice.amount,
      unitPrice.currency,
      Date.parse(createdAt),
      deadline,
      state,
      releaseReason,
      seq,
    ])
  }

  /** Checks that every fact and order was given. */
  report(): AuditReport {
    for (const order of this.#held.values()) this.#end(order, "held", undefined, order.createdSeq)
    if (this.#listed !== this.#orders) {
      this.#ledger.fails(`the ledger has ${counted(this.#listed, "order")}, but facts create ${this.#orders}`)
    } else if (this.#table !== this.#ended) this.#ledger.fails("an order in the ledger is not what its facts say")
    const units = this.#stock.units()
    const checks = [
      ...this.#stock.results(),
      this.#leaks.result(this.#owed, units, false),
      this.#limit.result(this.#customers.size),
      this.#idempotent.result(`${counted(this.#orders, "order")}, one for each key`),
      this.#ledger.result(),
      this.#chain.result(),
      this.#holds.result(this.#held.values(), Date.parse(this.sale.now)),
      this.#price.result(),
      this.#window.result(),
    ].map(({ name, ok, detail }) => ({ name, ok, detail }))
    return { ok: checks.every(({ ok }) => ok), checks, totals: this.#stock.totals(this.#orders) }
  }

  #transition(fact: Fact): void {
    const known = this.#held.get(fact.orderId ?? "")
    this.#stock.moved(fact, known)
    if (known) this.#endHold(fact, known)
    else this.#create(fact)
  }

  #endHold(fact: Fact, order: JournalOrder): void {
    this.#holds.ended(fact, order)
    if (fact.kind === "held") return
    this.#held.delete(order.id)
    const owed = this.#owedOf(order.sku)
    owed.held -= order.quantity
    if (fact.kind === "confirmed") owed.sold += order.quantity
    else giveBack(order, fact.at)
    this.#end(order, fact.kind, fact.reason, fact.seq)
  }

  #create(fact: Fact): void {
    const terms = this.#terms.now
    this.#holds.created(fact, terms)
    if (fact.kind === "released") return
    const order = orderOf(fact, customerIn(this.#customers, fact.customerId ?? ""))
    this.#orders++
    if (Number(/\d+/.exec(order.id)?.[0]) !== fact.seq) this.#ledger.fails(`fact ${fact.seq} creates order ${order.id}`)
    const key = digest([order.customer.id, order.key])
    if (this.#keys.has(key)) this.#idempotent.fails(`fact ${fact.seq} gives an order under a key that has one`)
    this.#keys.add(key)
    order.customer.units += order.quantity
    this.#limit.created(fact, order, terms)
    this.#window.created(fact, order, terms)
    this.#price.created(fact, order, this.#terms.offers.get(order.sku))
    const owed = this.#owedOf(order.sku)
    if (fact.kind === "held") {
      owed.held += order.quantity
      this.#held.set(order.id, order)
    } else {
      owed.sold += order.quantity
      this.#end(order, "confirmed", undefined, fact.seq)
    }
  }

  #end(order: JournalOrder, state: string, reason: string | undefined, seq: number): void {
    const { id, customer, sku, quantity, amount, currency, createdAt, payBefore } = order
    const price = [amount, currency]
    this.#ended += digestOf([id, customer.id, sku, quantity, ...price, createdAt, payBefore, state, reason, seq])
  }

  #owedOf(sku: string): { held: number; sold: number } {
    const owed = this.#owed.get(sku) ?? { held: 0, sold: 0 }
    this.#owed.set(sku, owed)
    return owed
  }
}

type Field = string | number | undefined

function digest(fields: Field[]): string {
  return createHash("sha1").update(fields.join("|")).digest("hex").slice(0, 16)
}

/** 64 bits of the fields' digest. Two different sets of orders have the same sum only by a chance of one in 10^19. */
function digestOf(fields: Field[]): bigint {
  return BigInt(`0x${digest(fields)}`)
}
