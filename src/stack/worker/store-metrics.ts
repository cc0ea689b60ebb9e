import type { Head, Heads, HotInventory } from "../../core/ports/hot-inventory.ts"
import type { Cursor, Ledger } from "../../core/ports/ledger.ts"
import type { Millis } from "../../core/sale.ts"
import { unitSeries } from "../../observability/metric-catalog.ts"
import { counter, gauge, type Series } from "../../observability/metric-family.ts"
import { withTimeout } from "../../runtime/time.ts"

/** For each of the three questions to store and ledger: Prometheus waits a second, and a worker that is silent looks dead. */
const ASK_MAX_MS = 300

export interface Known {
  isLeading: boolean
  violations: number
  conflicts: string[]
}

/** What a worker tells: the stores as they are now, and what it alone knows. */
export async function measure(inventory: HotInventory, ledger: Ledger, known: Known): Promise<Series[]> {
  return [...(await measureStores(inventory, ledger)), ...ownSeries(known)]
}

/** The series of the inventory and of the ledger beside it, as they are now. What cannot be asked is left out. */
export async function measureStores(inventory: HotInventory, ledger: Ledger): Promise<Series[]> {
  const [heads, sales] = await Promise.all([ask(inventory.heads()), ask(inventory.sales())])
  // In this order the ledger may seem further than the store, never the store further than it was.
  const cursors = await ask(ledger.cursors())
  const lag = heads && (await ask(lagOf(inventory, heads, cursors ?? [])))
  return [...unitSeries(sales ?? []), ...(lag ? lagSeries(lag) : []), gateSeries(heads)]
}

/** Undefined when there is no answer in time. */
function ask<Value>(work: Promise<Value>): Promise<Value | undefined> {
  return withTimeout(ASK_MAX_MS, work).catch(() => undefined)
}

function ownSeries(known: Known): Series[] {
  return [
    counter(
      "flash_sale_conservation_violations_total",
      "Facts after which free + held + sold was not total.",
      known.violations,
    ),
    gauge("flash_sale_worker_leads", "1 for the worker that drains, expires and recovers.", known.isLeading ? 1 : 0),
    gauge(
      "flash_sale_ledger_conflict",
      "1 for a sale whose store and ledger contradict each other: it waits for a person.",
      known.conflicts.map(sale => ({ labels: { sale }, value: 1 })),
    ),
  ]
}

/** Without a label: 1 while every gate is open, that of new sales too. */
function gateSeries(heads: Heads | undefined): Series {
  const sales = heads?.sales ?? []
  const allOpen = heads?.isOpen === true && sales.every(({ isOpen }) => isOpen)
  return gauge("flash_sale_gate_open", "1 while the store sells.", [
    { labels: {}, value: allOpen ? 1 : 0 },
    ...sales.map(({ saleId, isOpen }) => ({ labels: { sale: saleId }, value: isOpen ? 1 : 0 })),
  ])
}

interface Lag {
  sale: string
  facts: number
  seconds: number
}

/** A ledger that cannot be asked holds what was drained into it, at least: the lag is known best when it matters most. */
function lagOf(inventory: HotInventory, { sales }: Heads, cursors: Cursor[]): Promise<Lag[]> {
  const held = new Map(cursors.map(({ saleId, seq }) => [saleId, seq]))
  return Promise.all(sales.map(head => lagOfSale(inventory, head, held.get(head.saleId) ?? head.drained, Date.now())))
}

async function lagOfSale(inventory: HotInventory, { saleId, seq }: Head, ledgerSeq: number, now: Millis): Promise<Lag> {
  if (ledgerSeq >= seq) return { sale: saleId, facts: 0, seconds: 0 }
  const [oldest] = await inventory.facts(saleId, ledgerSeq, 1)
  return { sale: saleId, facts: seq - ledgerSeq, seconds: oldest ? Math.max(0, now - oldest.at) / 1000 : 0 }
}

function lagSeries(lags: Lag[]): Series[] {
  return [
    gauge(
      "flash_sale_ledger_lag_facts",
      "Facts that the ledger does not hold yet.",
      lags.map(({ sale, facts }) => ({ labels: { sale }, value: facts })),
    ),
    gauge(
      "flash_sale_ledger_lag_seconds",
      "Age of the oldest such fact.",
      lags.map(({ sale, seconds }) => ({ labels: { sale }, value: seconds })),
    ),
  ]
}
