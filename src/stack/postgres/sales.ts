import { GENESIS } from "../../core/fact.ts"
import { LedgerFault } from "../../core/ports/ledger.ts"
import type { SaleDocument } from "../../core/rows.ts"
import type { Sale, Stock } from "../../core/sale.ts"
import type { Query } from "./query.ts"

/** A row of `sales` with the sale's stock. */
export interface StandingRow {
  number: number
  id: string
  epoch: number
  document: string | null
  seq: number
  at: number
  hash: string
  stock: (Stock & { sku: string })[] | null
}

export const SELECT_SALES = `SELECT number, id, epoch, document, seq, at, hash,
  (SELECT json_agg(stock) FROM stock WHERE sale = number) AS stock FROM sales`

export const INSERT_SALE = `INSERT INTO sales (number, id, epoch, seq, at, hash) VALUES ($1, $2, 0, 0, 0, $3)
  ON CONFLICT (number) DO NOTHING`

/** The sale as its last fact left it; undefined before its first one. */
export function saleFrom({ document, stock, number, seq, at, hash }: StandingRow): Sale | undefined {
  if (document === null) return undefined
  const kept = JSON.parse(document) as SaleDocument
  const items = kept.items.map(item => {
    const units = stock?.find(({ sku }) => sku === item.sku)
    if (!units) throw new LedgerFault("conflict", `${kept.id}: the ledger lacks the stock of ${item.sku}.`)
    const { total, free, held, sold } = units
    return { ...item, total, free, held, sold }
  })
  return { ...kept, items, number, seq, at, hash }
}

const FENCE_SALE = `INSERT INTO sales (number, id, epoch, seq, at, hash) VALUES ($1, $2, $4, 0, 0, $3)
  ON CONFLICT (number) DO UPDATE SET epoch = excluded.epoch WHERE sales.id = excluded.id AND sales.epoch < excluded.epoch`

/** The sale's row; undefined if there is none. Throws if its number is that of another sale. */
export async function findSale(
  query: Query,
  { id, number }: { id: string; number: number },
): Promise<StandingRow | undefined> {
  const { rows } = await query<StandingRow>(`${SELECT_SALES} WHERE number = $1`, [number])
  const [row] = rows
  if (row === undefined || row.id === id) return row
  throw new LedgerFault("conflict", `${id}: the ledger knows sale number ${number} as ${row.id}.`)
}

/** Throws if a later epoch has fenced this one off. */
export function assertNotFenced(sale: { id: string; epoch: number }, epoch: number): void {
  if (sale.epoch <= epoch) return
  throw new LedgerFault("fenced", `${sale.id}: epoch ${epoch} is over, the ledger takes ${sale.epoch} and later.`)
}

/** From now on only writers of `epoch` or a later one can append. Throws unless it is later than every one before. */
export async function fenceSale(query: Query, sale: { id: string; number: number }, epoch: number): Promise<void> {
  const { rowCount } = await query(FENCE_SALE, [sale.number, sale.id, GENESIS, epoch])
  if (rowCount === 1) return
  const row = await findSale(query, sale)
  if (row) assertNotFenced(row, epoch)
  throw new LedgerFault("fenced", `${sale.id}: epoch ${epoch} has begun already.`)
}
