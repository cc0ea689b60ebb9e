import type { NodeStatus } from "../core/ports/nodes.ts"
import type { Sale } from "../core/sale.ts"
import { counter, gauge, type Series } from "./metric-family.ts"

export interface Seen {
  sales: Sale[]
  nodes: NodeStatus[]
  gateOpen: boolean
  violations: number
}

/** The series that only the owner of the inventory knows. When inventory and ledger are one file, the lag is always 0. */
export function ownSeries({ sales, nodes, gateOpen, violations }: Seen): Series[] {
  return [
    ...unitSeries(sales),
    counter("flash_sale_conservation_violations_total", "Times that free + held + sold was not total.", violations),
    gauge("flash_sale_ledger_lag_facts", "Facts that the ledger does not hold yet.", 0),
    gauge("flash_sale_ledger_lag_seconds", "Age of the oldest such fact.", 0),
    gauge("flash_sale_gate_open", "1 while the store sells.", gateOpen ? 1 : 0),
    counter(
      "flash_sale_node_restarts_total",
      "Processes that replaced another.",
      nodes.map(({ id, restarts }) => ({ labels: { node: id }, value: restarts })),
    ),
  ]
}

/** The stock of every item. */
export function unitSeries(sales: readonly Sale[]): Series[] {
  const items = sales.flatMap(sale => sale.items.map(item => ({ ...item, sale: sale.id })))
  return [
    gauge(
      "flash_sale_units",
      "Units of an item, by state.",
      items.flatMap(({ sale, sku, free, held, sold }) => [
        { labels: { sale, sku, state: "free" }, value: free },
        { labels: { sale, sku, state: "held" }, value: held },
        { labels: { sale, sku, state: "sold" }, value: sold },
      ]),
    ),
    gauge(
      "flash_sale_units_total",
      "Units that an item has in all.",
      items.map(({ sale, sku, total }) => ({ labels: { sale, sku }, value: total })),
    ),
  ]
}
