import type { Database } from "bun:sqlite"
import type { Fact } from "../../core/fact.ts"
import { dataText } from "../../core/fact-data.ts"
import type { Order } from "../../core/order.ts"
import { documentOf, type OrderRow, type SaleDocument } from "../../core/rows.ts"
import type { Sale, Stock } from "../../core/sale.ts"
import type { IndexedOrder } from "./customers.ts"

type Deadline = { deadline: number | null }

/** Every statement of the hot path, prepared once. */
export class Statements {
  readonly begin
  readonly commit
  readonly order
  readonly customers
  readonly timeOf
  readonly firstDeadline
  readonly nextDeadline
  readonly latestHold
  readonly heldAfter
  readonly due
  readonly isUsed
  readonly dataOfUse
  readonly use
  readonly insertSale
  readonly changeOrder
  readonly #insertOrder
  readonly #insertFact
  readonly #updateSale
  readonly #updateChain
  readonly #putStock
  readonly #all: { finalize(): void }[] = []

  constructor(database: Database) {
    const prepare = <Row, Values extends (string | number | null)[]>(sql: string) => {
      const statement = database.prepare<Row, Values>(sql)
      this.#all.push(statement)
      return statement
    }
    this.begin = prepare<void, []>("BEGIN IMMEDIATE")
    this.commit = prepare<void, []>("COMMIT")
    this.order = prepare<OrderRow, [number, number]>("SELECT * FROM orders WHERE sale = ? AND created_seq = ?")
    this.customers = prepare<IndexedOrder, [number]>(
      `SELECT customer AS customerId, key, quantity, state, created_seq AS seq,
        CASE state WHEN 'released' THEN (SELECT at FROM facts WHERE facts.sale = orders.sale AND facts.seq = orders.seq)
          ELSE created_at END AS at
        FROM orders WHERE sale = ? ORDER BY created_seq`,
    )
    this.timeOf = prepare<{ at: number }, [number, number]>("SELECT at FROM facts WHERE sale = ? AND seq = ?")
    this.firstDeadline = prepare<Deadline, [number]>(
      "SELECT min(pay_before) AS deadline FROM orders WHERE state = 'held' AND sale = ?",
    )
    this.nextDeadline = prepare<Deadline, [number]>(
      "SELECT min(pay_before) AS deadline FROM orders WHERE state = 'held' AND pay_before > ?",
    )
    this.latestHold = prepare<{ at: number | null }, []>(
      "SELECT max(created_at) AS at FROM orders WHERE state = 'held'",
    )
    this.heldAfter = prepare<{ sale: number; created_seq: number; pay_within: number }, [number]>(
      `SELECT sale, created_seq, pay_before - created_at AS pay_within FROM orders
        WHERE state = 'held' AND created_at > ?`,
    )
    this.due = prepare<OrderRow, [number, number]>(
      "SELECT * FROM orders WHERE state = 'held' AND pay_before <= ? ORDER BY pay_before, sale, created_seq LIMIT ?",
    )
    this.isUsed = prepare<{ seq: number }, [number, string]>("SELECT seq FROM uses WHERE sale = ? AND use = ?")
    this.dataOfUse = prepare<{ data: string | null }, [number, string]>(
      "SELECT data FROM uses JOIN facts USING (sale, seq) WHERE sale = ? AND use = ?",
    )
    this.use = prepare<void, [number, string, number]>("INSERT INTO uses (sale, use, seq) VALUES (?, ?, ?)")
    this.insertSale = prepare<void, [number, string, string, number, number, string]>(
      "INSERT INTO sales (number, id, document, seq, at, hash) VALUES (?, ?, ?, ?, ?, ?)",
    )
    this.changeOrder = prepare<void, [string, string | null, number, number, number]>(
      "UPDATE orders SET state = ?, reason = ?, seq = ? WHERE sale = ? AND created_seq = ?",
    )
    this.#insertOrder = prepare(
      `INSERT INTO orders (sale, created_seq, seq, suffix, sku, quantity, amount, currency, state, customer, key,
        created_at, pay_before) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    this.#insertFact = prepare(
      `INSERT INTO facts (sale, seq, at, kind, sku, order_id, customer, key, quantity, amount, currency, pay_before,
        reason, free, held, sold, terms, hash, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    this.#updateSale = prepare("UPDATE sales SET document = ? WHERE number = ?")
    this.#updateChain = prepare("UPDATE sales SET seq = ?, at = ?, hash = ? WHERE number = ?")
    this.#putStock =
      prepare(`INSERT INTO stock (sale, sku, total, free, held, sold) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE
        SET total = excluded.total, free = excluded.free, held = excluded.held, sold = excluded.sold`)
  }

  /** Releases the statements. The file stays locked until then. */
  finalize(): void {
    for (const statement of this.#all) statement.finalize()
  }

  writeOrder(sale: Sale, order: Order, suffix: string): void {
    this.#insertOrder.run(
      sale.number,
      order.seq,
      order.seq,
      suffix,
      order.sku,
      order.quantity,
      order.unitPrice.amount,
      order.unitPrice.currency,
      order.state,
      order.customerId,
      order.key,
      order.createdAt,
      order.payBefore ?? null,
    )
  }

  writeFact(sale: Sale, fact: Fact): void {
    this.#insertFact.run(
      sale.number,
      fact.seq,
      fact.at,
      fact.kind,
      fact.sku ?? null,
      fact.orderId ?? null,
      fact.customerId ?? null,
      fact.key ?? null,
      fact.quantity ?? null,
      fact.unitPrice?.amount ?? null,
      fact.unitPrice?.currency ?? null,
      fact.payBefore ?? null,
      fact.reason ?? null,
      fact.free ?? null,
      fact.held ?? null,
      fact.sold ?? null,
      fact.terms ? JSON.stringify(fact.terms) : null,
      fact.hash,
      fact.data ? dataText(fact.data) : null,
    )
    if (!fact.orderId) this.#updateSale.run(documentOf(sale), sale.number)
  }

  writeSale(sale: Sale): void {
    this.#updateChain.run(sale.seq, sale.at, sale.hash, sale.number)
    for (const { sku, total, free, held, sold } of sale.items) {
      this.#putStock.run(sale.number, sku, total, free, held, sold)
    }
  }
}

interface SaleRow {
  number: number
  document: string
  seq: number
  at: number
  hash: string
}

/** Reads every sale with its stock, in order of creation. */
export function readSales(database: Database): Sale[] {
  const rows = database.query<SaleRow, []>("SELECT * FROM sales ORDER BY number").all()
  const stock = database.query<Stock, [number, string]>(
    "SELECT total, free, held, sold FROM stock WHERE sale = ? AND sku = ?",
  )
  return rows.map(({ number, document, seq, at, hash }) => {
    const kept = JSON.parse(document) as SaleDocument
    const items = kept.items.map(item => ({ ...item, ...stock.get(number, item.sku)! }))
    // Documents of schema 1 have no version.
    return { ...kept, version: kept.version ?? seq, items, number, seq, at, hash }
  })
}
