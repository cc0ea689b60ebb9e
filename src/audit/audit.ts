import type { AuditReport, Fact, Order } from "../wire/wire.ts"
import { AnswerCheck } from "./answer-check.ts"
import { type AuditedPage, ChainCheck, type PublishedHead } from "./chain-check.ts"
import { Check, type CheckResult, counted } from "./check.ts"
import { type HistoryLine, Requests } from "./history.ts"
import { HoldCheck } from "./hold-check.ts"
import { type AuditedSale, LedgerCheck } from "./ledger-check.ts"
import { MonotoneCheck } from "./monotone-check.ts"
import { OrderIndex } from "./order-index.ts"
import { type Reading, readFact } from "./read-fact.ts"
import { RefusalCheck, unitsOwed } from "./refusal-check.ts"
import { StockCheck } from "./stock-check.ts"
import { LimitCheck, PriceCheck, TermsHistory, WindowCheck } from "./terms.ts"

export interface AuditResult extends AuditReport {
  checks: CheckResult[]
  /** One line per violation: the broken promise and the fact, order or customer. */
  violations: string[]
}

export interface Scope {
  /** The audit will get a history of requests. */
  history?: boolean
  /** The history contains every request for the sale, so an order without one is a phantom. */
  historyIsComplete?: boolean
  /** A head that was published earlier. */
  published?: PublishedHead | undefined
}

const NO_HISTORY = "no history was given"

/**
 * Adds up a sale's journal and compares it with everything else that is known about the sale. It shares no code with the
 * stores. Give it the sale first, then the facts in order, then the orders (more facts may follow), and the history last,
 * after every fact that it names.
 */
export class Audit {
  readonly #idempotent = new Check("I8 idempotent")
  readonly #terms = new TermsHistory()
  readonly #limit = new LimitCheck()
  readonly #holds = new HoldCheck()
  readonly #window = new WindowCheck()
  readonly #price = new PriceCheck()
  readonly #orders = new OrderIndex(this.#idempotent)
  readonly #answers = new AnswerCheck(this.#orders, this.#idempotent)
  readonly #monotone = new MonotoneCheck()
  readonly #chain: ChainCheck
  readonly #stock: StockCheck
  readonly #ledger: LedgerCheck
  readonly #refusals: RefusalCheck
  readonly #requests: Requests
  readonly #reading: Reading

  constructor(
    private readonly sale: AuditedSale,
    private readonly scope: Scope = {},
  ) {
    this.#chain = new ChainCheck(sale.id, scope.published)
    this.#stock = new StockCheck(scope.history ?? false)
    this.#ledger = new LedgerCheck(sale, this.#orders, this.#chain)
    this.#requests = new Requests(sale.id)
    const reading = { chain: this.#chain, terms: this.#terms, stock: this.#stock }
    this.#refusals = new RefusalCheck({ ...reading, orders: this.#orders })
    this.#reading = { ...reading, ledger: this.#ledger, seq: sale.seq }
  }

  /** The last fact read. */
  get seq(): number {
    return this.#chain.seq
  }

  /** A page that was sealed. Give pages in order, each before its facts. */
  sealed(page: AuditedPage): void {
    this.#chain.sealed(page)
  }

  fact(fact: Fact): void {
    readFact(fact, this.#reading, known => this.#transition(known))
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
    const order = this.#orders.add(fact)
    this.#limit.created(fact, order, terms)
    this.#window.created(fact, order, terms)
    this.#price.created(fact, order, this.#terms.offers.get(order.sku))
  }

  order(order: Order): void {
    this.#ledger.order(order)
  }

  history(line: HistoryLine): void {
    if (line.type === "invoke") {
      if (this.#requests.sent(line)) this.#answers.sent(line)
      return
    }
    const invocation = this.#requests.answered(line)
    if (!invocation || line.type === "info") return
    this.#monotone.answered(invocation, line)
    if (line.type === "ok") {
      this.#answers.acknowledged(invocation, line)
      return
    }
    this.#answers.refused(invocation, line)
    this.#refusals.refused(invocation, line)
  }

  report(): AuditResult {
    this.#chain.end()
    const orders = this.#orders.byId
    const units = this.#stock.units()
    const { history = false, historyIsComplete = false } = this.scope
    const answers = history ? this.#answers.results(historyIsComplete) : this.#answers.skipped(NO_HISTORY)
    const idempotent = `${counted(orders.size, "order")}, one for each key`
    const checks = [
      ...this.#stock.results(),
      this.#refusals.result(unitsOwed(orders.values()), units, history),
      this.#limit.result(this.#orders.customerCount),
      ...answers,
      this.#idempotent.result(history ? `${idempotent}; ${counted(this.#requests.count, "request")}` : idempotent),
      this.#ledger.result(),
      this.#chain.result(),
      this.#holds.result(orders.values(), Date.parse(this.sale.now)),
      history ? this.#monotone.result() : this.#monotone.skipped(NO_HISTORY),
      this.#price.result(),
      this.#window.result(),
    ]
    return {
      ok: checks.every(check => check.ok),
      checks,
      violations: this.#violations(),
      totals: this.#stock.totals(orders.size),
    }
  }

  #violations(): string[] {
    const all = [this.#stock, this.#refusals, this.#limit, this.#answers, this.#idempotent, this.#ledger]
    const more = [this.#chain, this.#holds, this.#monotone, this.#price, this.#window]
    return [...all, ...more].flatMap(check => check.violations())
  }
}
