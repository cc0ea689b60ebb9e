import type { Database } from "bun:sqlite"
import type { SaleDocument } from "../../core/rows.ts"
import type { Sale, Stock } from "../../core/sale.ts"

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
