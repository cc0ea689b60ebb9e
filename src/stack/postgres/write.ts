import type { Fact } from "../../core/fact.ts"
import { dataText } from "../../core/fact-data.ts"
import { changesOrder, createsOrder } from "../../core/fold.ts"
import { createdSeq } from "../../core/order.ts"
import { LedgerFault } from "../../core/ports/ledger.ts"
import { documentOf } from "../../core/rows.ts"
import type { Sale } from "../../core/sale.ts"
import type { Query } from "./query.ts"

/** Where the ledger must stand for a page to follow it. */
export interface ChainEnd {
  seq: number
  hash: string
}

/**
 * Everything about one page of facts, so that nobody can be suspended in the middle of it. Nothing is written unless the
 * sale still stands at the fact before the page, no later epoch has begun, and every order that the page ends is there.
 * A statement that had to wait for another writer compares the sale's row as that writer has left it. It is not prepared:
 * a plan that is kept from when the table of orders was small would read the whole table for every page.
 */
const WRITE_PAGE = `/* write_page */ WITH cursor AS (
    UPDATE sales SET seq = $2, at = $3, hash = $4, epoch = $5, document = coalesce($6, document)
    WHERE number = $1 AND seq = $7 AND hash = $8 AND epoch <= $5 AND cardinality($9::bigint[]) =
      (SELECT count(*) FROM orders WHERE sale = $1 AND created_seq = ANY ($9::bigint[]))
    RETURNING number
  ), page AS MATERIALIZED (
    SELECT * FROM json_to_recordset($10) AS fact(seq bigint, at bigint, kind text, sku text, order_id text, customer text,
      key text, quantity bigint, amount bigint, currency text, pay_before bigint, reason text, free bigint, held bigint,
      sold bigint, terms text, hash text, data text, creates boolean, end_state text, end_reason text, end_seq bigint)
  ), created AS (
    INSERT INTO orders (sale, created_seq, seq, suffix, sku, quantity, amount, currency, state, reason, customer, key,
      created_at, pay_before)
    SELECT number, seq, coalesce(end_seq, seq), split_part(order_id, '-', 2), sku, quantity, amount, currency,
      coalesce(end_state, kind), end_reason, customer, key, at, pay_before
    FROM cursor, page WHERE creates
  ), ended AS (
    UPDATE orders SET state = after.state, reason = after.reason, seq = after.seq
    FROM cursor, json_to_recordset($11) AS after(created_seq bigint, state text, reason text, seq bigint)
    WHERE orders.sale = cursor.number AND orders.created_seq = after.created_seq
  ), counted AS (
    INSERT INTO stock SELECT cursor.number, item.*
    FROM cursor, json_to_recordset($12) AS item(sku text, total bigint, free bigint, held bigint, sold bigint)
    ON CONFLICT (sale, sku) DO UPDATE
    SET total = excluded.total, free = excluded.free, held = excluded.held, sold = excluded.sold
  )
  INSERT INTO facts SELECT number, seq, at, kind, sku, order_id, customer, key, quantity, amount, currency, pay_before,
    reason, free, held, sold, terms, hash, data FROM cursor, page`

const COUNT_ORDERS = "SELECT count(*) AS held FROM orders WHERE sale = $1 AND created_seq = ANY ($2::bigint[])"

/**
 * Stores the facts that follow `place` and the sale as they leave it. Resolves to false, and stores nothing, if the ledger
 * stands elsewhere or a later epoch has begun.
 */
export async function writePage(
  query: Query,
  { place, epoch, facts, sale }: { place: ChainEnd; epoch: number; facts: readonly Fact[]; sale: Sale },
): Promise<boolean> {
  const { number, seq, at, hash } = sale
  const { rows, ended } = rowsOf(facts)
  const isAmended = facts.some(({ orderId }) => orderId === undefined)
  const stock = sale.items.map(({ sku, total, free, held, sold }) => ({ sku, total, free, held, sold }))
  const orders = ended.map(({ created_seq }) => created_seq)
  const { rowCount } = await query(WRITE_PAGE, [
    ...[number, seq, at, hash, epoch, isAmended ? documentOf(sale) : null, place.seq, place.hash],
    ...[orders, JSON.stringify(rows), JSON.stringify(ended), JSON.stringify(stock)],
  ])
  if (rowCount === facts.length) return true
  if (orders.length > 0) await assertOrders(query, sale, orders)
  return false
}

interface EndedRow {
  created_seq: number
  state: string
  reason: string | undefined
  seq: number
}

/** The rows of the facts, and what they say last about orders that are older than they are. */
function rowsOf(facts: readonly Fact[]): { rows: FactRow[]; ended: EndedRow[] } {
  const rows = facts.map(rowOf)
  const first = facts[0]?.seq ?? 0
  const ended = new Map<number, EndedRow>()
  for (const fact of facts) {
    if (fact.orderId === undefined || !changesOrder(fact)) continue
    const created_seq = createdSeq({ id: fact.orderId })
    const { kind: state, reason, seq } = fact
    const creating = rows[created_seq - first]
    if (creating?.creates) Object.assign(creating, { end_state: state, end_reason: reason, end_seq: seq })
    else ended.set(created_seq, { created_seq, state, reason, seq })
  }
  return { rows, ended: [...ended.values()] }
}

/** `end_…`: what a later fact of the same page says about the order that this one creates. */
interface FactRow {
  creates?: boolean | undefined
  end_state?: string
  end_reason?: string | undefined
  end_seq?: number
  [column: string]: unknown
}

function rowOf(fact: Fact): FactRow {
  return {
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
    creates: createsOrder(fact) || undefined,
  }
}

async function assertOrders(query: Query, { id, number }: Sale, orders: readonly number[]): Promise<void> {
  const { rows } = await query<{ held: number }>(COUNT_ORDERS, [number, orders])
  const held = rows[0]?.held ?? 0
  if (held === orders.length) return
  throw new LedgerFault("conflict", `${id}: facts change ${orders.length} orders, of which the ledger holds ${held}.`)
}
