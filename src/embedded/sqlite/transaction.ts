import type { Database } from "bun:sqlite"
import type { CustomerFilter } from "../../core/customer-index.ts"
import type { Fact } from "../../core/fact.ts"
import { commandUse } from "../../core/guard.ts"
import { commandKeyOf } from "../../core/once.ts"
import type { Order } from "../../core/order.ts"
import type { Millis, Sale } from "../../core/sale.ts"
import type { Customer, StoreTransaction } from "../../core/store-transaction.ts"
import { Folding, UNFOLDED_MAX } from "./folding.ts"
import type { Hold } from "./held-orders.ts"
import { Journal } from "./journal.ts"
import { OpenSale } from "./open-sale.ts"
import { SaleOrders } from "./sale-orders.ts"
import { readSales, Statements } from "./statements.ts"

/** The file as the rules see it. One process owns the file, so sales and stock are in memory and only written. */
export class SqliteTransaction implements StoreTransaction {
  readonly journal: Journal
  readonly #statements: Statements
  readonly #folding: Folding
  readonly #byNumber: OpenSale[] = []
  readonly #byId = new Map<string, OpenSale>()
  readonly #changed = new Set<OpenSale>()
  #facts = 0
  /** No held order's deadline is earlier than this. */
  #earliestDeadline: Millis = 0
  /** Holds that were made while the clock was ahead, and when they end by their length. */
  #wrongTimed: { open: OpenSale; createdSeq: number; dueAt: Millis }[] = []

  constructor(
    private readonly database: Database,
    private readonly releasedOrdersMax: number,
    unfoldedMax = UNFOLDED_MAX,
  ) {
    this.journal = new Journal(database)
    this.#statements = new Statements(database)
    this.#folding = new Folding(this.#statements, unfoldedMax)
    this.reload()
  }

  sale(saleId: string): Sale | undefined {
    return this.#byId.get(saleId)?.sale
  }

  saleNumbered(number: number): Sale | undefined {
    return this.#byNumber[number - 1]?.sale
  }

  saleCount(): number {
    return this.#byNumber.length
  }

  sales(): Sale[] {
    return this.#byNumber.map(({ sale }) => sale)
  }

  holders(sale: Sale): CustomerFilter {
    return this.#openOf(sale).orders.customers.holders()
  }

  order(sale: Sale, createdSeq: number): Order | undefined {
    return this.#openOf(sale).orders.kept(createdSeq)?.order
  }

  /** The orders that were created after the fact `after`, in order of creation. */
  orders(sale: Sale, after: number, limit: number): Order[] {
    return this.#openOf(sale).orders.page(after, limit)
  }

  customer(sale: Sale, customerId: string): Customer | undefined {
    return this.#openOf(sale).orders.customers.customer(customerId)
  }

  isFull(sale: Sale): boolean {
    return this.#openOf(sale).orders.customers.released >= this.releasedOrdersMax
  }

  firstDeadline(sale: Sale): Millis | undefined {
    return this.#openOf(sale).orders.held.first()?.payBefore
  }

  /** The latest time that the file holds: of a fact, or at which a hold was made. */
  latest(): Millis {
    let latest = 0
    for (const { sale, orders } of this.#byNumber) {
      latest = Math.max(latest, sale.at)
      for (const { createdAt } of orders.held.all()) latest = Math.max(latest, createdAt)
    }
    return latest
  }

  /** The clock was ahead, and is right from `now`. A hold that was made later than that lasts its length from now. */
  clockPutRight(now: Millis): void {
    const endOf = ({ createdAt, payBefore }: Hold) => now + payBefore - createdAt
    this.#wrongTimed = this.#byNumber
      .flatMap(open => {
        const early = [...open.orders.held.all()].filter(({ createdAt }) => createdAt > now)
        return early.map(hold => ({ open, createdSeq: hold.createdSeq, dueAt: endOf(hold) }))
      })
      .sort((one, other) => one.dueAt - other.dueAt)
    this.#earliestDeadline = 0
  }

  due(now: Millis, limit: number): readonly Order[] {
    const due = this.#dueByLength(now, limit)
    return due.length > 0 ? due : this.#dueByTime(now, limit)
  }

  #dueByLength(now: Millis, limit: number): readonly Order[] {
    const [first] = this.#wrongTimed
    if (!first || first.dueAt > now) return []
    const due = this.#wrongTimed.slice(0, limit).filter(({ dueAt }) => dueAt <= now)
    const orders = due.map(({ open, createdSeq }) => open.orders.kept(createdSeq)!.order)
    const held = orders.filter(({ state }) => state === "held")
    // They leave the list once they are seen released, because this transaction may be rolled back.
    if (held.length === 0) this.#wrongTimed = this.#wrongTimed.slice(due.length)
    return held
  }

  #dueByTime(now: Millis, limit: number): readonly Order[] {
    if (now < this.#earliestDeadline) return []
    const due = this.#byNumber.flatMap(({ orders }) => orders.held.due(now, limit).map(hold => ({ orders, hold })))
    if (due.length === 0) {
      const firsts = this.#byNumber.map(({ orders }) => orders.held.first()?.payBefore ?? Infinity)
      this.#earliestDeadline = firsts.reduce((one, other) => Math.min(one, other), Infinity)
    }
    const inOrder = due.sort((one, other) => one.hold.payBefore - other.hold.payBefore).slice(0, limit)
    return inOrder.map(({ orders, hold }) => orders.kept(hold.createdSeq)!.order)
  }

  isUsed(sale: Sale, use: string): boolean {
    return this.#statements.useSeq.get(sale.number, use) !== null
  }

  digestOf(sale: Sale, key: string): string | undefined {
    const seq = this.#statements.useSeq.get(sale.number, commandUse(key))?.seq
    if (seq === undefined) return undefined
    const fact = this.#openOf(sale).written(seq) ?? this.journal.fact(sale, seq)
    return commandKeyOf(fact?.data)?.digest
  }

  use(sale: Sale, use: string): void {
    this.#statements.use.run(sale.number, use, sale.seq)
  }

  addSale(sale: Sale): void {
    this.#open(sale)
  }

  write(sale: Sale, fact: Fact, text: string, order?: Order): void {
    const open = this.#openOf(sale)
    this.#changed.add(open)
    open.write(fact, text, order)
    if (order?.payBefore !== undefined) this.#earliestDeadline = Math.min(this.#earliestDeadline, order.payBefore)
  }

  begin(): void {
    this.#statements.begin.run()
  }

  commit(): void {
    this.#statements.commit.run()
  }

  /** Writes the journal and returns the sales that have changed. Only folding may follow before the commit. */
  flush(): Sale[] {
    const changed = [...this.#changed]
    this.#changed.clear()
    for (const open of changed) {
      const lines = open.takeLines()
      this.journal.append(open.sale, lines)
      this.#folding.add(open, lines.length)
      this.#facts += lines.length
    }
    this.#folding.foldSurplus()
    return changed.map(({ sale }) => sale)
  }

  /** Facts that were written since the file was opened. */
  get facts(): number {
    return this.#facts
  }

  /** Reads so many more orders into the indexes of customers, those of the newest sale first. Returns true when all are read. */
  readAhead(orders: number): boolean {
    let left = orders
    for (const open of this.#byNumber.toReversed()) {
      if (left > 0 && !open.orders.isIndexed) left -= open.orders.readCustomers(left)
    }
    return left > 0
  }

  /** Brings at least so many facts into the tables, if as many wait. Call it last before a commit. */
  fold(facts: number): void {
    this.#folding.fold(facts)
  }

  close(): void {
    this.journal.finalize()
    this.#statements.finalize()
  }

  /** Discards the memory and reads the file again: the tables, then the part of the journal that they do not have. */
  reload(): void {
    this.#byNumber.length = 0
    this.#byId.clear()
    this.#changed.clear()
    this.#folding.clear()
    this.#earliestDeadline = 0
    for (const sale of readSales(this.database)) this.#open(sale)
    for (const { sale, ...hold } of this.#statements.held.iterate()) this.#byNumber[sale - 1]?.orders.held.add(hold)
    for (const open of this.#byNumber) this.#recover(open)
  }

  #recover(open: OpenSale): void {
    for (const fact of this.journal.after(open.sale, open.sale.seq)) {
      open.recover(fact)
      this.#folding.add(open, 1)
    }
  }

  #openOf(sale: Sale): OpenSale {
    const open = this.#byNumber[sale.number - 1]
    if (!open) throw new Error(`The sale ${sale.id} is not in the file.`)
    return open
  }

  #open(sale: Sale): void {
    const open = new OpenSale(sale, new SaleOrders(sale, this.#statements))
    this.#byNumber[sale.number - 1] = open
    this.#byId.set(sale.id, open)
  }
}
