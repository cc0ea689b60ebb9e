import type { Head, Heads, HotInventory } from "../../core/ports/hot-inventory.ts"
import type { Cursor, Ledger } from "../../core/ports/ledger.ts"
import type { Millis } from "../../core/sale.ts"
import { clockMetrics, METRICS, stockMetrics } from "../../observability/metric-catalog.ts"
import type { MetricFamily } from "../../observability/metric-family.ts"
import { systemTime, type Time, withTimeout } from "../../runtime/time.ts"

/** The longest wait for each answer of store and ledger. Prometheus waits a second, and a worker that is silent looks dead. */
const ANSWER_MAX_MS = 300

/** What a worker knows beside its stores. */
export interface WorkerState {
  isLeading: boolean
  violations: number
  /** Whether store and ledger belong to two systems. */
  isMismatched: boolean
  /** Ids of the sales in conflict. */
  conflicts: string[]
}

export function workerMetrics({ isLeading, violations, isMismatched, conflicts }: WorkerState): MetricFamily[] {
  return [
    METRICS.conservationViolations(violations),
    METRICS.storeMismatch(isMismatched ? 1 : 0),
    METRICS.workerLeads(isLeading ? 1 : 0),
    METRICS.ledgerConflict(conflicts.map(sale => ({ labels: { sale }, value: 1 }))),
  ]
}

/** Reads the metrics of the store and its ledger. Leaves out what does not answer in time. */
export async function collectStoreMetrics(
  inventory: HotInventory,
  ledger: Ledger,
  time: Time = systemTime,
): Promise<MetricFamily[]> {
  const answer = <Value>(work: Promise<Value>) => withTimeout(ANSWER_MAX_MS, work, time).catch(() => undefined)
  const [heads, sales] = await Promise.all([answer(inventory.heads()), answer(inventory.sales())])
  // The ledger is asked last, so that no lag is shown that there never was.
  const cursors = await answer(ledger.cursors())
  const lags = heads && (await answer(lagsOf(inventory, heads, cursors ?? [], time.now())))
  return [
    ...stockMetrics(sales ?? []),
    ...clockMetrics(await inventory.clock()),
    ...(lags ? lagMetrics(lags) : []),
    gateMetric(heads),
  ]
}

/** The sample without a label is 1 while every gate is open, that of the list of sales too. */
function gateMetric(heads: Heads | undefined): MetricFamily {
  const sales = heads?.sales ?? []
  const allOpen = heads?.isOpen === true && sales.every(({ isOpen }) => isOpen)
  return METRICS.gateOpen([
    { labels: {}, value: allOpen ? 1 : 0 },
    ...sales.map(({ saleId, isOpen }) => ({ labels: { sale: saleId }, value: isOpen ? 1 : 0 })),
  ])
}

interface Lag {
  sale: string
  facts: number
  seconds: number
}

/**
 * A ledger that does not answer has at least the facts that were trimmed from the store, so the lag is known even then,
 * when it matters most.
 */
function lagsOf(inventory: HotInventory, { sales }: Heads, cursors: Cursor[], now: Millis): Promise<Lag[]> {
  const seqs = new Map(cursors.map(({ saleId, seq }) => [saleId, seq]))
  return Promise.all(sales.map(head => lagOf(inventory, head, seqs.get(head.saleId) ?? head.ledgerSeq, now)))
}

async function lagOf(inventory: HotInventory, { saleId, seq }: Head, ledgerSeq: number, now: Millis): Promise<Lag> {
  if (ledgerSeq >= seq) return { sale: saleId, facts: 0, seconds: 0 }
  const [oldest] = await inventory.facts(saleId, ledgerSeq, 1)
  return { sale: saleId, facts: seq - ledgerSeq, seconds: oldest ? Math.max(0, now - oldest.at) / 1000 : 0 }
}

function lagMetrics(lags: Lag[]): MetricFamily[] {
  return [
    METRICS.ledgerLagFacts(lags.map(({ sale, facts }) => ({ labels: { sale }, value: facts }))),
    METRICS.ledgerLagSeconds(lags.map(({ sale, seconds }) => ({ labels: { sale }, value: seconds }))),
  ]
}
