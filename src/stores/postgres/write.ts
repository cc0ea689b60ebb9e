import type { ClientBase } from "pg"
import type { Fact } from "../../core/fact.ts"
import { LedgerFault } from "../../core/ledger.ts"
import type { Order } from "../../core/order.ts"
import type { Sale } from "../../core/sale.ts"
import { documentOf } from "../rows.ts"

const FACT_COLUMNS = `seq bigint, at bigint, kind text, sku text, order_id text, customer text, key text,
  quantity bigint, amount bigint, currency text, pay_before bigint, reason text, free bigint, held bigint, sold bigint,
  terms text, hash text`

const ORDER_COLUMNS = `created_by bigint, seq bigint, suffix text, sku text, quantity bigint, amount bigint,
  currency text, state text, reason text, customer text, key text, created_at bigint, pay_before bigint`

const INSERT_FACTS = `INSERT INTO facts SELECT $1::bigint, * FROM json_to_recordset($2) AS fact(${FACT_COLUMNS})`
const INSERT_ORDERS = `INSERT INTO orders SELECT $1::bigint, * FROM json_to_recordset($2) AS created(${ORDER_COLUMNS})`

const CHANGE_ORDERS = `UPDATE orders SET state = changed.state, reason = changed.reason, seq = changed.seq
  FROM json_to_recordset($2) AS changed(created_by bigint, state text, reason text, seq bigint)
  WHERE orders.sale = $1 AND orders.created_by = changed.created_by`

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
    // A string in a string: PostgreSQL would read, and could refuse, what is written in it.
    terms: fact.terms && JSON.stringify(fact.terms),
    hash: fact.hash,
  }))
  await client.query(INSERT_FACTS, [sale, JSON.stringify(rows)])
}

/** Of the end of an order's id that nobody can guess. */
const SUFFIX_LENGTH = 4

/** By the seq of the fact that created them. */
export async function insertOrders(
  client: ClientBase,
  sale: number,
  orders: ReadonlyMap<number, Order>,
): Promise<void> {
  const rows = [...orders].map(([createdBy, order]) => ({
    created_by: createdBy,
    seq: order.seq,
    suffix: order.id.slice(-SUFFIX_LENGTH),
    sku: order.sku,
    quantity: order.quantity,
    amount: order.unitPrice.amount,
    currency: order.unitPrice.currency,
    state: order.state,
    reason: order.releaseReason,
    customer: order.customerId,
    key: order.key,
    created_at: order.createdAt,
    pay_before: order.payBefore,
  }))
  await client.query(INSERT_ORDERS, [sale, JSON.stringify(rows)])
}

export async function changeOrders(
  client: ClientBase,
  { id, number }: { id: string; number: number },
  orders: ReadonlyMap<number, Order>,
): Promise<void> {
  const rows = [...orders].map(([createdBy, { state, releaseReason, seq }]) => ({
    created_by: createdBy,
    state,
    reason: releaseReason,
    seq,
  }))
  const { rowCount } = await client.query(CHANGE_ORDERS, [number, JSON.stringify(rows)])
  if (rowCount !== orders.size) {
    throw new LedgerFault(
      "conflict",
      `${id}: facts change ${orders.size} orders, of which the ledger holds ${rowCount}.`,
    )
  }
}

/** The last statement: the sale as its facts have left it. */
export async function moveCursor(client: ClientBase, sale: Sale, epoch: number, isAmended: boolean): Promise<void> {
  const { number, seq, at, hash } = sale
  const stock = sale.items.map(({ sku, total, free, held, sold }) => ({ sku, total, free, held, sold }))
  await client.query(PUT_STOCK, [number, JSON.stringify(stock)])
  const document = isAmended ? documentOf(sale) : null
  const { rowCount } = await client.query(MOVE_CURSOR, [number, seq, at, hash, epoch, document])
  if (rowCount !== 1) throw new LedgerFault("fenced", `${sale.id}: epoch ${epoch} is over.`)
}
