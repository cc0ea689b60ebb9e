import type { Database } from "bun:sqlite"
import type { CustomerFilter } from "../../core/customer-index.ts"
import type { Fact } from "../../core/fact.ts"
import type { FactData } from "../../core/fact-data.ts"
import { commandUse } from "../../core/guard.ts"
import { commandKeyOf } from "../../core/once.ts"
import { type Order, parseOrderId } from "../../core/order.ts"
import { orderFrom } from "../../core/rows.ts"
import type { Millis, Sale } from "../../core/sale.ts"
import type { Customer, StoreTransaction } from "../../core/store-transaction.ts"
import { SaleCustomers } from "./customers.ts"
import { readSales, Statements } from "./statements.ts"

/** A sale in memory. It equals the file after every commit, and is read again after a rollback. */
interface Cached {
  sale: Sale
  customers: SaleCustomers
}

/** The file as the rules see it. One process owns the file, so sales and stock are in memory and written through. */
export class SqliteTransaction implements StoreTransaction {
  readonly #statements: Statements
  readonly #byNumber: Cached[] = []
  readonly #byId = new Map<string, Cached>()
  readonly #changed = new Set<Sale>()
  /** No held order's deadline is earlier than this. */
  #earliestDeadline: Millis = 0
  /** Holds that were made while the clock was ahead, and when they end by their length. */
  #wrongTimed: { sale: number; createdSeq: number; dueAt: Millis }[] = []

  constructor(
    private readonly database: Database,
    private readonly releasedOrdersMax: number,
  ) {
    this.#statements = new Statements(database)
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
    return this.#customersOf(sale).holders()
  }

  order(sale: Sale, createdSeq: number): Order | undefined {
    const row = this.#statements.order.get(sale.number, createdSeq)
    return row ? orderFrom(row, sale) : undefined
  }

  customer(sale: Sale, customerId: string): Customer | undefined {
    return this.#customersOf(sale).customer(customerId)
  }

  isFull(sale: Sale): boolean {
    return this.#customersOf(sale).released >= this.releasedOrdersMax
  }

  firstDeadline(sale: Sale): Millis | undefined {
    return this.#statements.firstDeadline.get(sale.number)?.deadline ?? undefined
  }

  /** The latest time that the file holds: of a fact, or at which a hold was made. */
  latest(): Millis {
    const held = this.#statements.latestHold.get()?.at ?? 0
    return this.sales().reduce((latest, { at }) => Math.max(latest, at), held)
  }

  /** The clock was ahead, and is right from `now`. A hold that was made later than that lasts its length from now. */
  clockPutRight(now: Millis): void {
    this.#wrongTimed = this.#statements.heldAfter
      .all(now)
      .map(({ sale, created_seq, pay_within }) => ({ sale, createdSeq: created_seq, dueAt: now + pay_within }))
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
    const orders = due.map(({ sale, createdSeq }) => this.order(this.saleNumbered(sale)!, createdSeq)!)
    const held = orders.filter(({ state }) => state === "held")
    // They leave the list once they are seen released, because this transaction may be rolled back.
    if (held.length === 0) this.#wrongTimed = this.#wrongTimed.slice(due.length)
    return held
  }

  #dueByTime(now: Millis, limit: number): readonly Order[] {
    if (now < this.#earliestDeadline) return []
    const rows = this.#statements.due.all(now, limit)
    if (rows.length < limit) this.#earliestDeadline = this.#statements.nextDeadline.get(now)?.deadline ?? Infinity
    return rows.map(row => orderFrom(row, this.saleNumbered(row.sale)!))
  }

  isUsed(sale: Sale, use: string): boolean {
    return this.#statements.isUsed.get(sale.number, use) !== null
  }

  digestOf(sale: Sale, key: string): string | undefined {
    const data = this.#statements.dataOfUse.get(sale.number, commandUse(key))?.data
    return data ? commandKeyOf(JSON.parse(data) as FactData)?.digest : undefined
  }

  use(sale: Sale, use: string): void {
    this.#statements.use.run(sale.number, use, sale.seq)
  }

  addSale(sale: Sale): void {
    this.#keep(sale)
    this.#statements.insertSale.run(sale.number, sale.id, "{}", sale.seq, sale.at, sale.hash)
  }

  write(sale: Sale, fact: Fact, order?: Order): void {
    this.#changed.add(sale)
    this.#statements.writeFact(sale, fact)
    if (!order) return
    const { seq, suffix } = parseOrderId(order.id)!
    if (seq !== fact.seq) {
      this.#statements.changeOrder.run(order.state, order.releaseReason ?? null, order.seq, sale.number, seq)
      if (order.state === "released") this.#customersOf(sale).release(order, fact.at)
      return
    }
    this.#statements.writeOrder(sale, order, suffix)
    this.#customersOf(sale).add({ ...order, seq, at: fact.at })
    if (order.payBefore !== undefined) this.#earliestDeadline = Math.min(this.#earliestDeadline, order.payBefore)
  }

  begin(): void {
    this.#statements.begin.run()
  }

  commit(): void {
    this.#statements.commit.run()
  }

  /** Writes the counters of the changed sales and returns these sales. Call it last before a commit. */
  flush(): Sale[] {
    const changed = [...this.#changed]
    for (const sale of changed) this.#statements.writeSale(sale)
    this.#changed.clear()
    return changed
  }

  close(): void {
    this.#statements.finalize()
  }

  /** Discards the memory and reads the file again. */
  reload(): void {
    this.#byNumber.length = 0
    this.#byId.clear()
    this.#changed.clear()
    this.#earliestDeadline = 0
    for (const sale of readSales(this.database)) {
      const { customers } = this.#keep(sale)
      for (const row of this.#statements.customers.iterate(sale.number)) customers.add(row)
    }
  }

  #customersOf(sale: Sale): SaleCustomers {
    const cached = this.#byNumber[sale.number - 1]
    if (!cached) throw new Error(`The sale ${sale.id} is not in the file.`)
    return cached.customers
  }

  #keep(sale: Sale): Cached {
    const customers = new SaleCustomers({
      order: seq => this.order(sale, seq),
      timeOf: seq => this.#statements.timeOf.get(sale.number, seq)?.at ?? 0,
    })
    const cached = { sale, customers }
    this.#byNumber[sale.number - 1] = cached
    this.#byId.set(sale.id, cached)
    return cached
  }
}
