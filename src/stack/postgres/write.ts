import type { ClientBase } from "pg"
import type { Fact } from "../../core/fact.ts"
import { dataText } from "../../core/fact-data.ts"
import { LedgerFault } from "../../core/ports/ledger.ts"
import { documentOf } from "../../core/rows.ts"
import type { Sale } from "../../core/sale.ts"

/** Inserts facts and the orders that they create (see `createsOrder`), so that their text is parsed once. */
const INSERT_FACTS = `WITH batch AS MATERIALIZED (
    SELECT * FROM json_to_recordset($2) AS fact(seq bigint, at bigint, kind text, sku text, order_id text, customer text,
      key text, quantity bigint, amount bigint, currency text, pay_before bigint, reason text, free bigint, held bigint,
      sold bigint, terms text, hash text, data text)
  ), facts AS (
    INSERT INTO facts SELECT $1::bigint, * FROM batch
  )
  INSERT INTO orders (sale, created_seq, seq, suffix, sku, quantity, amount, currency, state, customer, key, created_at,
    pay_before)
  SELECT $1::bigint, seq, seq, split_part(order_id, '-', 2), sku, quantity, amount, currency, kind, customer, key, at,
    pay_before
  FROM batch WHERE kind = 'held' OR (kind = 'confirmed' AND pay_before IS NULL)`

const CHANGE_ORDERS = `UPDATE orders SET state = changed.state, reason = changed.reason, seq = changed.seq
  FROM json_to_recordset($2) AS changed(created_seq bigint, state text, reason text, seq bigint)
  WHERE orders.sale = $1 AND orders.created_seq = changed.created_seq`

const PUT_STOCK = `INSERT INTO stock SELECT $1::bigint, *
  FROM json_to_recordset($2) AS item(sku text, total bigint, free bigint, held bigint, sold bigint)
  ON CONFLICT (sale, sku) DO UPDATE
  SET total = excluded.total, free = excluded.free, held = excluded.held, sold = excluded.sold`

const MOVE_CURSOR = `UPDATE sales SET seq = $2, at = $3, hash = $4, epoch = $5, document = coalesce($6, document)
  WHERE number = $1 AND epoch <= $5`

export async function insertFacts(client: ClientBase, sale: number, facts: readonly Fact[]): Promise<void> {
  const rows = facts.map(fact => ({
    seq: fact.seq,
    at: fact.at,
    kind: fact.kind,
    sku: fact.sku,
    order_id: fact.orderId,
    customer: fact.customerId,
    key: fact.key,
    quantity: fact.quantity,
    amount: fact.unitPrice?.amount,
    currency: fact.unitPrice?.currency,
    pay_before: fact.payBefore,
    reason: fact.reason,
    free: fact.free,
    held: fact.held,
    sold: fact.sold,
    // A string inside the JSON: PostgreSQL would parse an object, and would refuse a NUL in it.
    terms: fact.terms && JSON.stringify(fact.terms),
    hash: fact.hash,
    data: fact.data && dataText(fact.data),
  }))
  await client.query(INSERT_FACTS, [sale, JSON.stringify(rows)])
}

/** `changes` has the last fact about each order, by the seq of the fact that created the order. */
export async function changeOrders(
  client: ClientBase,
  { id, number }: { id: string; number: number },
  changes: ReadonlyMap<number, Fact>,
): Promise<void> {
  const rows = [...changes].map(([created_seq, { kind, reason, seq }]) => ({ created_seq, state: kind, reason, seq }))
  const { rowCount } = await client.query(CHANGE_ORDERS, [number, JSON.stringify(rows)])
  if (rowCount !== changes.size) {
    throw new LedgerFault(
      "conflict",
      `${id}: facts change ${changes.size} orders, of which the ledger holds ${rowCount}.`,
    )
  }
}

/** The last statement of a transaction: stores the sale as its facts have left it. */
export async function moveCursor(client: ClientBase, sale: Sale, epoch: number, isAmended: boolean): Promise<void> {
  const { number, seq, at, hash } = sale
  const stock = sale.items.map(({ sku, total, free, held, sold }) => ({ sku, total, free, held, sold }))
  await client.query(PUT_STOCK, [number, JSON.stringify(stock)])
  const document = isAmended ? documentOf(sale) : null
  const { rowCount } = await client.query(MOVE_CURSOR, [number, seq, at, hash, epoch, document])
  if (rowCount !== 1) throw new LedgerFault("fenced", `${sale.id}: epoch ${epoch} is over.`)
}
