import type { FactPage, OrderPage } from "../wire/wire.ts"
import { Audit, type AuditResult } from "./audit.ts"
import type { AuditedPage, PublishedHead } from "./chain-check.ts"
import type { HistoryLine } from "./history.ts"
import type { AuditedSale } from "./ledger-check.ts"

/** Where a sale is read from. A page without `next` is the last one; `next` is the following page's `after`. */
export interface AuditSource {
  sale(): Promise<AuditedSale>
  facts(after: number): Promise<FactPage>
  orders(after: number): Promise<OrderPage>
  /** The sealed pages in order, where they can be read. */
  seals?(): Promise<AuditedPage[]>
}

export interface AuditHistory {
  lines: AsyncIterable<HistoryLine> | Iterable<HistoryLine>
  isComplete: boolean
}

/**
 * Audits one sale, even while it sells. What is read later also covers everything that was read before, so the order is:
 *
 * 1. the sale, whose `seq` names the fact at which its counters must equal the sum of the facts;
 * 2. facts, at least up to that one;
 * 3. orders: every order that the facts of step 2 create must be listed, in its state at that time or later;
 * 4. the remaining facts: they explain every order of step 3 and every answer of the history, which must have been
 *    complete before the audit began.
 *
 * With `published`, the journal must still have that fact.
 */
export async function auditSale(
  source: AuditSource,
  history?: AuditHistory,
  published?: PublishedHead,
): Promise<AuditResult> {
  const sale = await source.sale()
  const scope = { history: history !== undefined, historyIsComplete: history?.isComplete ?? false }
  const audit = new Audit(sale, { ...scope, published })
  for (const page of (await source.seals?.()) ?? []) audit.sealed(page)
  await readFacts(source, audit, sale.seq)
  await readOrders(source, audit, audit.seq)
  await readFacts(source, audit, Number.POSITIVE_INFINITY)
  if (history) for await (const line of history.lines) audit.history(line)
  return audit.report()
}

async function readFacts(source: AuditSource, audit: Audit, until: number): Promise<void> {
  let after: number | undefined = audit.seq
  while (after !== undefined && audit.seq < until) {
    const page: FactPage = await source.facts(after)
    for (const fact of page.facts) audit.fact(fact)
    after = nextAfter(page.next, after)
  }
}

/** Orders come in order of creation. Orders that later facts create are not needed. */
async function readOrders(source: AuditSource, audit: Audit, until: number): Promise<void> {
  let after: number | undefined = 0
  while (after !== undefined && after < until) {
    const page: OrderPage = await source.orders(after)
    for (const order of page.orders) audit.order(order)
    after = nextAfter(page.next, after)
  }
}

/** Throws when a source repeats itself, because reading it would never end. */
function nextAfter(next: number | undefined, after: number): number | undefined {
  if (next !== undefined && next <= after)
    throw new Error(`The page after ${after} is followed by the one after ${next}.`)
  return next
}
