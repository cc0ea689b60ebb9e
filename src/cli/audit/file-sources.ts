import { Database } from "bun:sqlite"
import { existsSync } from "node:fs"
import { join } from "node:path"
import type { AuditSource } from "../../audit/audit-sale.ts"
import type { AuditedPage } from "../../audit/chain-check.ts"
import type { Fact, Order } from "../../wire/wire.ts"
import { CliError, messageOf } from "../cli-error.ts"
import { type FileJournalRow, factsOfLines, JOURNAL_FACTS_MAX } from "./journal-rows.ts"
import { type FileFactRow, type FileOrderRow, factOf, orderOf, type SaleRow, type StockRow, saleOf } from "./rows.ts"
import type { AuditSources } from "./sources.ts"

const PAGE = 5000
/** The latest schema that this audit knows. Before it, an order's `created_seq` was named `created_by`. */
const SCHEMA_VERSION = 6
/** From it on, facts are lines of a journal, and the tables are as of the fact that `sales.seq` names. */
const JOURNAL_VERSION = 6

/**
 * Reads the file of a system that is not running, with SQL of the audit's own. The file is not changed. Throws
 * `CliError` when it is missing, damaged or in use.
 */
export function fileSources(dataDir: string): AuditSources {
  const file = join(dataDir, "doorbuster.db")
  const database = open(file)
  return {
    ids: async () =>
      database
        .query<{ id: string }, []>("SELECT id FROM sales ORDER BY number")
        .all()
        .map(({ id }) => id),
    of: saleId => sourceOf(database, saleId),
    close: () => database.close(),
  }
}

function open(file: string): Database {
  if (!existsSync(file)) throw new CliError(`There is no ${file}.`)
  try {
    const database = new Database(file, { readonly: true, strict: true })
    const result = database.query<Record<string, string>, []>("PRAGMA integrity_check(1)").get()
    const [verdict] = Object.values(result ?? {})
    if (verdict !== "ok") throw new CliError(`${file} is damaged: ${verdict}.`)
    const version = schemaOf(database)
    if (version > SCHEMA_VERSION) throw new CliError(`${file} was written by a newer Doorbuster (schema ${version}).`)
    return database
  } catch (error) {
    const { code } = error as { code?: string }
    if (code?.startsWith("SQLITE_BUSY")) {
      throw new CliError(`${file} is in use: stop the system first, or audit it with --url.`)
    }
    throw error instanceof CliError ? error : new CliError(`${file} cannot be read: ${messageOf(error)}.`)
  }
}

function schemaOf(database: Database): number {
  return database.query<{ user_version: number }, []>("PRAGMA user_version").get()?.user_version ?? 0
}

function sourceOf(database: Database, saleId: string): AuditSource {
  const sale = database.query<SaleRow, [string]>("SELECT * FROM sales WHERE id = ?").get(saleId)
  if (!sale) throw new CliError(`There is no sale "${saleId}".`)
  const { number } = sale
  const createdSeq = schemaOf(database) === 1 ? "created_by" : "created_seq"
  const stock = database.query<StockRow, [number]>("SELECT sku, total, free, held, sold FROM stock WHERE sale = ?")
  const orders = database.query<FileOrderRow, [number, number]>(
    `SELECT *, ${createdSeq} AS created_seq FROM orders WHERE sale = ? AND ${createdSeq} > ?
      ORDER BY ${createdSeq} LIMIT ${PAGE}`,
  )
  return {
    sale: async () => saleOf(sale, stock.all(number)),
    seals: async () => (schemaOf(database) < 5 ? [] : pagesOf(database, number)),
    facts: schemaOf(database) < JOURNAL_VERSION ? tableReader(database, sale) : journalReader(database, sale),
    async orders(after) {
      const rows = orders.all(number, after)
      return { orders: rows.map((row): Order => orderOf(row, saleId)), ...nextOf(rows, rows.at(-1)?.created_seq) }
    },
  }
}

/** Reads facts that are rows of a table. */
function tableReader(database: Database, { number, id }: SaleRow): AuditSource["facts"] {
  const facts = database.query<FileFactRow, [number, number]>(
    `SELECT * FROM facts WHERE sale = ? AND seq > ? ORDER BY seq LIMIT ${PAGE}`,
  )
  return async after => {
    const rows = facts.all(number, after)
    return { facts: rows.map((row): Fact => factOf(row, id)), ...nextOf(rows, rows.at(-1)?.seq) }
  }
}

/**
 * Reads facts that are lines of a journal. A page ends where the tables do, because they show nothing of what follows: the system
 * was killed before it had carried that into them.
 */
function journalReader(database: Database, { number, id, seq }: SaleRow): AuditSource["facts"] {
  const next = database.query<FileJournalRow, [number, number]>(
    `SELECT id - ?1 AS seq, facts FROM journal WHERE id > ?1 + ?2 AND id < ?1 + ${JOURNAL_FACTS_MAX} ORDER BY id LIMIT 1`,
  )
  return async after => {
    const facts: Fact[] = []
    const end = after < seq ? seq : Number.POSITIVE_INFINITY
    let last = after
    while (facts.length < PAGE && last < end) {
      const row = next.get(number * JOURNAL_FACTS_MAX, last)
      if (!row) return { facts }
      facts.push(...factsOfLines(row, id).filter(fact => fact.seq > last && fact.seq <= end))
      last = Math.min(row.seq, end)
    }
    return { facts, next: last }
  }
}

interface PageRow {
  first_seq: number
  last_seq: number
  seal: string
  digests: string
}

function pagesOf(database: Database, sale: number): AuditedPage[] {
  const pages = database.query<PageRow, [number]>(
    `SELECT first_seq, last_seq, seal, lower(hex(digests)) AS digests FROM seals WHERE sale = ? ORDER BY first_seq`,
  )
  return pages.all(sale).map(({ first_seq, last_seq, seal, digests }) => ({
    ...{ firstSeq: first_seq, lastSeq: last_seq, seal },
    digests: digests.match(/.{64}/g) ?? [],
  }))
}

/** A full page may have a successor, which begins after `last`. */
function nextOf(rows: unknown[], last: number | undefined): { next?: number } {
  return rows.length === PAGE && last !== undefined ? { next: last } : {}
}
