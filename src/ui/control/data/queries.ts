import { GROUP_OF_OUTCOME, type OutcomeGroup } from "./rates.ts"

/** A number of the control room that has a tooltip. */
export type MetricName =
  | OutcomeGroup
  | "unitsSold"
  | "unitsHeld"
  | "unitsFree"
  | "rate"
  | "p50"
  | "p99"
  | "nodeRate"
  | "nodeP99"
  | "memory"
  | "restarts"
  | "up"
  | "gate"
  | "clock"
  | "lag"
  | "violations"
  | "orders"

const DURATION = "flash_sale_purchase_duration_seconds_bucket"

/** The Prometheus query for the same number. `of` is the id of a sale or a node. */
export function queryOf(metric: MetricName, of = ""): string {
  const sale = `sale="${of}"`
  const node = `node="${of}"`
  switch (metric) {
    case "rate":
      return "sum(rate(flash_sale_requests_total[1m]))"
    case "p50":
    case "p99":
      return quantile(metric, DURATION)
    case "nodeRate":
      return `sum(rate(flash_sale_requests_total{${node}}[1m]))`
    case "nodeP99":
      return quantile("p99", `${DURATION}{${node}}`)
    case "memory":
      return `process_resident_memory_bytes{${node}}`
    case "restarts":
      return `flash_sale_node_restarts_total{${node}}`
    case "up":
      return `time() - process_start_time_seconds{${node}}`
    case "gate":
      return "flash_sale_gate_open"
    case "clock":
      return "flash_sale_clock_jump_seconds"
    case "lag":
      return "flash_sale_ledger_lag_facts"
    case "violations":
      return "flash_sale_conservation_violations_total"
    case "orders":
      return `sum(flash_sale_requests_total{status="success",outcome!="replayed",${sale}})`
    case "unitsSold":
    case "unitsHeld":
    case "unitsFree":
      return `flash_sale_units{${sale},state="${metric.slice("units".length).toLowerCase()}"}`
    default:
      return rateOf(metric)
  }
}

function quantile(which: "p50" | "p99", series: string): string {
  return `histogram_quantile(${which === "p50" ? 0.5 : 0.99}, sum(rate(${series}[1m])) by (le))`
}

function rateOf(group: OutcomeGroup): string {
  const outcomes = Object.entries(GROUP_OF_OUTCOME).filter(([, of]) => of === group)
  const known = Object.keys(GROUP_OF_OUTCOME).join("|")
  const match = group === "other" ? `!~"${known}"` : `=~"${outcomes.map(([outcome]) => outcome).join("|")}"`
  return `sum(rate(flash_sale_requests_total{outcome${match}}[1m]))`
}
