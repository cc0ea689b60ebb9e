import type { AuditReport, Fact, Order } from "../wire/wire.ts"
import { Answers } from "./answer-check.ts"
import { Chain } from "./chain-check.ts"
import { Check, type CheckResult, counted } from "./check.ts"
import { type HistoryLine, Requests } from "./history.ts"
import { Holds } from "./hold-check.ts"
import { Ledger, type ToldSale } from "./ledger-check.ts"
import { Limit } from "./limit.ts"
import { Monotone } from "./monotone-check.ts"
import { Orders } from "./order-index.ts"
import { Refusals } from "./refusal-check.ts"
import { Stock } from "./stock-check.ts"
import { Price, SaleWindow } from "./term-checks.ts"
import { TermsOverTime } from "./terms.ts"

export interface AuditResult extends AuditReport {
  checks: CheckResult[]
  /** One line each, with the promise that is broken and the fact, order or customer. */
  violations: string[]
}

export interface Scope {
  /** A history of requests will be given. */
  history?: boolean
  /** It holds every request that the sale ever got, so that an order without one is a phantom. */
  historyIsComplete?: boolean
}

/** Facts that move no units. */
const STEERING_KINDS = new Set(["created", "amended", "paused", "resumed", "closed"])

const NO_HISTORY = "no history was given"

/**
 * Adds a sale's journal up by itself and compares it with everything else that is known of the sale. It shares no code
 * with the stores. Give it the sale first, then facts in order, orders (facts may go on after them), and the history
 * last, when every fact that it names has been read.
 */
export class Audit {
  readonly #idempotent = new Check("I8 idempotent")
  readonly #terms = new TermsOverTime()
  readonly #limit = new Limit()
  readonly #holds = new Holds()
  readonly #window = new SaleWindow()
  readonly #price = new Price()
  readonly #orders = new Orders(this.#idempotent)
  readonly #answers = new Answers(this.#orders, this.#idempotent)
  readonly #monotone = new Monotone()
  readonly #chain: Chain
  readonly #stock: Stock
  readonly #ledger: Ledger
  readonly #refusals: Refusals
  readonly #requests: Requests

  constructor(
    private readonly sale: ToldSale,
    private readonly scope: Scope = {},
  ) {
    this.#chain = new Chain(sale.id)
    this.#stock = new Stock(scope.history ?? false)
    this.#ledger = new Ledger(sale, this.#orders, this.#chain)
    this.#requests = new Requests(sale.id)
    this.#refusals = new Refusals({
      chain: this.#chain,
      terms: this.#terms,
      stock: this.#stock,
      orders: this.#orders,
    })
  }

  /** The last fact read. */
  get seq(): number {
    return this.#chain.seq
  }

  /** Orders have been told that later facts explain. */
  get needsFacts(): boolean {
    return this.#ledger.isAhead
  }

  fact(fact: Fact): void {
    this.#chain.fact(fact)
    this.#terms.fact(fact)
    if (fact.kind === "stocked") this.#stock.stocked(fact, this.#terms.offers.get(fact.sku ?? ""))
    else if (fact.kind === "held" || fact.kind === "confirmed" || fact.kind === "released") this.#transition(fact)
    else if (!STEERING_KINDS.has(fact.kind)) this.#stock.unknown(fact)
    if (fact.seq === this.sale.seq) this.#ledger.compareSale(this.#stock.units(), this.#terms)
  }

  #transition(fact: Fact): void {
    const terms = this.#terms.now
    const known = this.#orders.byId.get(fact.orderId ?? "")
    this.#stock.moved(fact, known)
    if (known) {
      this.#holds.ended(fact, known)
      this.#orders.end(known, fact)
      return
    }
    this.#holds.created(fact, terms)
    if (fact.kind === "released") return
    const booking = this.#orders.book(fact)
    this.#limit.created(fact, booking, terms)
    this.#window.created(fact, booking, terms)
    this.#price.created(fact, booking, this.#terms.offers.get(booking.sku))
  }

  order(order: Order): void {
    this.#ledger.order(order)
  }

  history(line: HistoryLine): void {
    if (line.type === "invoke") {
      if (this.#requests.sent(line)) this.#answers.sent(line)
      return
    }
    const invoke = this.#requests.answered(line)
    if (!invoke || line.type === "info") return
    this.#monotone.answered(invoke, line)
    if (line.type === "ok") {
      this.#answers.acknowledged(invoke, line)
      return
    }
    this.#answers.refused(invoke, line)
    this.#refusals.refused(invoke, line)
  }

  report(): AuditResult {
    const bookings = this.#orders.byId
    const units = this.#stock.units()
    const { history = false, historyIsComplete = false } = this.scope
    const answers = history ? this.#answers.results(historyIsComplete) : this.#answers.skipped(NO_HISTORY)
    const idempotent = `${counted(bookings.size, "order")}, one for each key`
    const checks = [
      ...this.#stock.results(),
      this.#refusals.result(bookings.values(), units, history),
      this.#limit.result(this.#orders.customerCount),
      ...answers,
      this.#idempotent.result(history ? `${idempotent}; ${counted(this.#requests.count, "request")}` : idempotent),
      this.#ledger.result(),
      this.#chain.result(),
      this.#holds.result(bookings.values(), Date.parse(this.sale.now)),
      history ? this.#monotone.result() : this.#monotone.skipped(NO_HISTORY),
      this.#price.result(),
      this.#window.result(),
    ]
    return { ok: checks.every(check => check.ok), checks, violations: this.#violations(), totals: this.#totals() }
  }

  #violations(): string[] {
    const all = [this.#stock, this.#refusals, this.#limit, this.#answers, this.#idempotent, this.#ledger]
    const more = [this.#chain, this.#holds, this.#monotone, this.#price, this.#window]
    return [...all, ...more].flatMap(check => check.violations())
  }

  #totals(): AuditReport["totals"] {
    const totals = { total: 0, free: 0, held: 0, sold: 0, orders: this.#orders.byId.size }
    for (const { total, free, held, sold } of this.#stock.units().values()) {
      totals.total += total
      // An oversold item is short of units; a report counts none below zero.
      totals.free += Math.max(0, free)
      totals.held += Math.max(0, held)
      totals.sold += sold
    }
    return totals
  }
}
