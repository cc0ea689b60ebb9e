import type { ClockStatus } from "../core/ports/clock.ts"
import type { NodeStatus } from "../core/ports/nodes.ts"
import type { Sale } from "../core/sale.ts"
import type { HistogramOptions } from "./histogram.ts"
import type { MetricFamily, Sample } from "./metric-family.ts"

/** Every metric, named once. Each makes a family of its samples; a number is one sample without labels. */
export const METRICS = {
  requests: counter("flash_sale_requests_total", "Answered purchase attempts."),
  fullRefusals: counter(
    "flash_sale_full_refusals_total",
    "Holds refused because their sale has as many released orders as it may.",
  ),
  shed: counter("flash_sale_shed_total", "Attempts that were answered overloaded by a replica, by reason."),
  units: gauge("flash_sale_units", "Units of an item, by state."),
  unitsTotal: gauge("flash_sale_units_total", "Units that an item has in all."),
  conservationViolations: counter(
    "flash_sale_conservation_violations_total",
    "Times that free + held + sold was not total.",
  ),
  ledgerLagFacts: gauge("flash_sale_ledger_lag_facts", "Facts that the ledger does not hold yet."),
  ledgerLagSeconds: gauge("flash_sale_ledger_lag_seconds", "Age of the oldest such fact."),
  ledgerConflict: gauge(
    "flash_sale_ledger_conflict",
    "1 for a sale whose store and ledger contradict each other: it waits for a person.",
  ),
  storeMismatch: gauge(
    "flash_sale_store_mismatch",
    "1 for a worker whose store and ledger belong to two systems: it does nothing.",
  ),
  gateOpen: gauge("flash_sale_gate_open", "1 while the store sells."),
  clockJump: gauge(
    "flash_sale_clock_jump_seconds",
    "Size of the store's clock's last jump, for ten minutes after it. Negative if it went back.",
  ),
  clockInDoubt: gauge("flash_sale_clock_in_doubt", "1 while the store decides nothing because its clock has jumped."),
  clockAhead: gauge("flash_sale_clock_ahead_seconds", "How far the store's clock is ahead of this process's."),
  nodeRestarts: counter("flash_sale_node_restarts_total", "Processes that replaced another."),
  workerLeads: gauge("flash_sale_worker_leads", "1 for the worker that writes to the ledger and recovers the store."),
  cpuSeconds: counter("process_cpu_seconds_total", "Processor time, user and system."),
  residentMemory: gauge("process_resident_memory_bytes", "Memory of the process."),
  startTime: gauge("process_start_time_seconds", "When the process began, since 1970."),
  eventLoopLag: gauge("nodejs_eventloop_lag_seconds", "How late the last timer was."),
}

/**
 * Why a replica shed an attempt: too many wait (`queue`), or too many for a customer who comes so often (`share`); it waited too long
 * to be sent (`late`); the memory for attempts is used up (`full`).
 */
export const SHED_REASONS = ["queue", "share", "late", "full"] as const
export type ShedReason = (typeof SHED_REASONS)[number]

/** From half a millisecond (a fast refusal) to five seconds (a slow disk). */
const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

export const HISTOGRAMS = {
  purchaseDuration: {
    name: "flash_sale_purchase_duration_seconds",
    help: "From a purchase request's arrival to its answer.",
    bounds: SECONDS,
  },
  queueDuration: {
    name: "flash_sale_queue_duration_seconds",
    help: "How long the first attempt of each store call had waited for it.",
    bounds: SECONDS,
  },
  batchSize: {
    name: "flash_sale_batch_size",
    help: "Attempts that shared one store call.",
    bounds: [1, 2, 4, 8, 16, 32, 64, 128, 256],
  },
  storeCallDuration: {
    name: "flash_sale_store_call_duration_seconds",
    help: "One call of the store, as a replica sees it.",
    bounds: SECONDS,
  },
} satisfies Record<string, HistogramOptions>

type MakeFamily = (samples: Sample[] | number) => MetricFamily

function counter(name: string, help: string): MakeFamily {
  return samples => ({ name, help, type: "counter", values: samplesOf(samples) })
}

function gauge(name: string, help: string): MakeFamily {
  return samples => ({ name, help, type: "gauge", values: samplesOf(samples) })
}

function samplesOf(samples: Sample[] | number): Sample[] {
  return typeof samples === "number" ? [{ labels: {}, value: samples }] : samples
}

/** The stock of every item. */
export function stockMetrics(sales: readonly Sale[]): MetricFamily[] {
  const items = sales.flatMap(sale => sale.items.map(item => ({ ...item, sale: sale.id })))
  return [
    METRICS.units(
      items.flatMap(({ sale, sku, free, held, sold }) => [
        { labels: { sale, sku, state: "free" }, value: free },
        { labels: { sale, sku, state: "held" }, value: held },
        { labels: { sale, sku, state: "sold" }, value: sold },
      ]),
    ),
    METRICS.unitsTotal(items.map(({ sale, sku, total }) => ({ labels: { sale, sku }, value: total }))),
  ]
}

export function clockMetrics({ jumpMs, isInDoubt, aheadMs }: ClockStatus): MetricFamily[] {
  return [METRICS.clockJump(jumpMs / 1000), METRICS.clockInDoubt(isInDoubt ? 1 : 0), METRICS.clockAhead(aheadMs / 1000)]
}

export function nodeRestarts(nodes: readonly Pick<NodeStatus, "id" | "restarts">[]): MetricFamily {
  return METRICS.nodeRestarts(nodes.map(({ id, restarts }) => ({ labels: { node: id }, value: restarts })))
}

export interface EmbeddedState {
  sales: Sale[]
  nodes: NodeStatus[]
  gateOpen: boolean
  violations: number
  clock: ClockStatus
}

/** Metrics that only the supervisor has. Inventory and ledger are one file there, so the ledger never lags. */
export function embeddedMetrics({ sales, nodes, gateOpen, violations, clock }: EmbeddedState): MetricFamily[] {
  return [
    ...stockMetrics(sales),
    METRICS.conservationViolations(violations),
    METRICS.ledgerLagFacts(0),
    METRICS.ledgerLagSeconds(0),
    METRICS.gateOpen(gateOpen ? 1 : 0),
    ...clockMetrics(clock),
    nodeRestarts(nodes),
  ]
}
