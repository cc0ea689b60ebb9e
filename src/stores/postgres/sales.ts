import type { ClientBase } from "pg"
import { GENESIS } from "../../core/fact.ts"
import { LedgerFault } from "../../core/ledger.ts"
import type { Item, Sale } from "../../core/sale.ts"
import type { SaleDocument } from "../rows.ts"

/** A sale's row with its stock: both JSON as text. */
export interface LockedSale {
  number: number
  id: string
  epoch: number
  document: string | null
  seq: number
  at: number
  hash: string
  stock: string | null
}

export const SELECT_SALES = `SELECT number, id, epoch, document, seq, at, hash,
  (SELECT json_agg(stock) FROM stock WHERE sale = number) AS stock FROM sales`

/** The sale as its last fact left it; nothing before its first one. */
export function saleFrom({ document, stock, number, seq, at, hash }: LockedSale): Sale | undefined {
  if (document === null) return undefined
  const kept = JSON.parse(document) as SaleDocument
  const rows = JSON.parse(stock ?? "[]") as Item[]
  const items = kept.items.map(item => {
    const { total, free, held, sold } = rows.find(({ sku }) => sku === item.sku)!
    return { ...item, total, free, held, sold }
  })
  return { ...kept, items, number, seq, at, hash }
}

/** Nobody else writes to the sale until the transaction ends. Throws when a later epoch has fenced this one off. */
export async function lockSale(
  client: ClientBase,
  { id, number }: { id: string; number: number },
  epoch: number,
): Promise<LockedSale> {
  const { rows } = await client.query<LockedSale>(`${SELECT_SALES} WHERE number = $1 FOR UPDATE`, [number])
  const [locked] = rows
  if (!locked) return insertSale(client, id, number, epoch)
  if (locked.id !== id) {
    throw new LedgerFault("conflict", `${id}: the ledger knows sale number ${number} as ${locked.id}.`)
  }
  if (locked.epoch > epoch) {
    throw new LedgerFault("fenced", `${id}: epoch ${epoch} is over, the ledger takes ${locked.epoch} and later.`)
  }
  return locked
}

/** Two that insert at once: the second one waits, and is told of a conflict that its next attempt does not meet. */
async function insertSale(client: ClientBase, id: string, number: number, epoch: number): Promise<LockedSale> {
  await client.query("INSERT INTO sales (number, id, epoch, seq, at, hash) VALUES ($1, $2, $3, 0, 0, $4)", [
    number,
    id,
    epoch,
    GENESIS,
  ])
  return { number, id, epoch, document: null, seq: 0, at: 0, hash: GENESIS, stock: null }
}
