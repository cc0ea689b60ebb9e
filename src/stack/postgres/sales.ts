import type { ClientBase } from "pg"
import { GENESIS } from "../../core/fact.ts"
import { LedgerFault } from "../../core/ports/ledger.ts"
import type { SaleDocument } from "../../core/rows.ts"
import type { Sale, Stock } from "../../core/sale.ts"

/** A row of `sales` with the sale's stock. */
export interface LockedSale {
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

const LOCK_SALE = "SELECT FROM sales WHERE number = $1 FOR UPDATE"
const INSERT_SALE = `INSERT INTO sales (number, id, epoch, seq, at, hash) VALUES ($1, $2, 0, 0, 0, $3)
  ON CONFLICT (number) DO NOTHING`

/** The sale as its last fact left it; undefined before its first one. */
export function saleFrom({ document, stock, number, seq, at, hash }: LockedSale): Sale | undefined {
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

/** Locks the sale's row until the transaction ends. Throws if a later epoch has fenced this one off. */
export async function lockSale(
  client: ClientBase,
  { id, number }: { id: string; number: number },
  epoch: number,
): Promise<LockedSale> {
  const { rowCount } = await client.query(LOCK_SALE, [number])
  if (rowCount === 0) {
    await client.query(INSERT_SALE, [number, id, GENESIS])
    await client.query(LOCK_SALE, [number])
  }
  // In a statement of its own: one that had to wait for the lock would see the stock as it was before the wait.
  const [locked] = (await client.query<LockedSale>(`${SELECT_SALES} WHERE number = $1`, [number])).rows
  if (locked?.id !== id) {
    throw new LedgerFault("conflict", `${id}: the ledger knows sale number ${number} as ${locked?.id}.`)
  }
  if (locked.epoch > epoch) {
    throw new LedgerFault("fenced", `${id}: epoch ${epoch} is over, the ledger takes ${locked.epoch} and later.`)
  }
  return locked
}

/** From now on only writers of `epoch` or a later one can append. Throws unless it is later than every one before. */
export async function fenceSale(
  client: ClientBase,
  sale: { id: string; number: number },
  epoch: number,
): Promise<void> {
  await lockSale(client, sale, epoch)
  const { rowCount } = await client.query("UPDATE sales SET epoch = $2 WHERE number = $1 AND epoch < $2", [
    sale.number,
    epoch,
  ])
  if (rowCount !== 1) throw new LedgerFault("fenced", `${sale.id}: epoch ${epoch} has begun already.`)
}
