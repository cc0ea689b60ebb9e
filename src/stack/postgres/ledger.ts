import pg from "pg"
import type { LedgerSettings } from "../../config/stores.ts"
import type { CommandKey } from "../../core/command.ts"
import type { Fact } from "../../core/fact.ts"
import type { FactData } from "../../core/fact-data.ts"
import { commandKeyOf } from "../../core/once.ts"
import { type Order, parseOrderId } from "../../core/order.ts"
import type { Cursor, Leadership, Ledger } from "../../core/ports/ledger.ts"
import { type FactRow, factFrom, type OrderRow, orderFrom } from "../../core/rows.ts"
import type { Sale } from "../../core/sale.ts"
import { Appender } from "./append.ts"
import { assertDurable, clientConfig, faultOf, makePool } from "./connect.ts"
import { tryLead } from "./leadership.ts"
import { migrate } from "./migrate.ts"
import type { Query } from "./query.ts"
import { fenceSale, SELECT_SALES, type StandingRow, saleFrom } from "./sales.ts"
import { PostgresSeals } from "./seals.ts"

/**
 * The ledger in PostgreSQL. The first call connects, and a later one connects again if it must. A call that cannot be served
 * rejects with a `LedgerFault`.
 */
export class PostgresLedger implements Ledger {
  readonly #pool: pg.Pool
  readonly #query: Query = async (statement, values) => {
    await this.ready()
    try {
      return await this.#pool.query(statement, values)
    } catch (error) {
      throw faultOf(error)
    }
  }
  readonly seals = new PostgresSeals(this.#query)
  readonly #appender = new Appender(this.#query)
  #migrated: Promise<void> | undefined

  constructor(private readonly settings: LedgerSettings) {
    this.#pool = makePool(settings)
  }

  /** Connects and brings the schema up to date. Every other call does so first. */
  async ready(): Promise<void> {
    this.#migrated ??= this.#migrate()
    try {
      await this.#migrated
    } catch (error) {
      this.#migrated = undefined
      throw faultOf(error)
    }
  }

  async systemId(): Promise<string | undefined> {
    const [row] = await this.#read<{ id: string }>("SELECT id FROM system")
    return row?.id
  }

  async claim(systemId: string): Promise<string> {
    await this.#read("INSERT INTO system (id) VALUES ($1) ON CONFLICT DO NOTHING", [systemId])
    return (await this.systemId()) ?? systemId
  }

  async cursors(): Promise<Cursor[]> {
    return this.#read<Cursor>(`SELECT id AS "saleId", seq, hash, epoch FROM sales ORDER BY number`)
  }

  async sales(): Promise<Sale[]> {
    const rows = await this.#read<StandingRow>(`${SELECT_SALES} WHERE document IS NOT NULL ORDER BY number`)
    return rows.flatMap(row => saleFrom(row) ?? [])
  }

  async order(orderId: string): Promise<Order | undefined> {
    const parsed = parseOrderId(orderId)
    if (!parsed) return undefined
    const [row] = await this.#read<OrderRow & { sale_id: string }>(
      `SELECT orders.*, sales.id AS sale_id FROM orders JOIN sales ON sales.number = orders.sale
        WHERE sale = $1 AND created_seq = $2 AND suffix = $3`,
      [parsed.saleNumber, parsed.seq, parsed.suffix],
    )
    return row && orderFrom(row, { id: row.sale_id })
  }

  async orders(saleId: string, after: number, limit: number): Promise<Order[]> {
    const rows = await this.#read<OrderRow>(
      `SELECT orders.* FROM orders JOIN sales ON sales.number = orders.sale
        WHERE sales.id = $1 AND created_seq > $2 ORDER BY created_seq LIMIT $3`,
      [saleId, after, limit],
    )
    return rows.map(row => orderFrom(row, { id: saleId }))
  }

  async facts(saleId: string, after: number, limit: number): Promise<Fact[]> {
    const rows = await this.#read<FactRow>(
      `SELECT facts.* FROM facts JOIN sales ON sales.number = facts.sale
        WHERE sales.id = $1 AND facts.seq > $2 ORDER BY facts.seq LIMIT $3`,
      [saleId, after, limit],
    )
    return rows.map(row => factFrom(row, { id: saleId }))
  }

  async commandKeys(saleId: string): Promise<CommandKey[]> {
    const rows = await this.#read<{ data: string }>(
      `SELECT data FROM facts JOIN sales ON sales.number = facts.sale
        WHERE sales.id = $1 AND data IS NOT NULL ORDER BY facts.seq`,
      [saleId],
    )
    return rows.flatMap(({ data }) => commandKeyOf(JSON.parse(data) as FactData) ?? [])
  }

  async append(sale: { id: string; number: number }, epoch: number, facts: readonly Fact[]): Promise<void> {
    await this.#appender.append(sale, epoch, facts)
  }

  async fence(sale: { id: string; number: number }, epoch: number): Promise<void> {
    await fenceSale(this.#query, sale, epoch)
  }

  async tryLead(): Promise<Leadership | undefined> {
    await this.ready()
    return tryLead(this.settings).catch(error => Promise.reject(faultOf(error)))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool.end()
  }

  async #migrate(): Promise<void> {
    const client = new pg.Client({ ...clientConfig(this.settings), statement_timeout: 0, query_timeout: 0 })
    client.on("error", () => {})
    await client.connect()
    try {
      await assertDurable(client)
      await migrate(client)
    } finally {
      await client.end()
    }
  }

  async #read<Row extends pg.QueryResultRow>(sql: string, values?: unknown[]): Promise<Row[]> {
    return (await this.#query<Row>(sql, values)).rows
  }
}
