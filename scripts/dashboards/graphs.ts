import { BAD, GOOD, OUTCOMES, P50, P99, STATES, STATUSES } from "./colors.ts"
import { graph } from "./parts.ts"
import { units } from "./units.ts"

const rate = (series: string) => `rate(${series}[$__rate_interval])`
const quantile = (q: number, name: string) => `histogram_quantile(${q}, sum by (le) (${rate(`${name}_bucket`)}))`

/** What buyers request, and the answers they get. */
export const demand = () => [
  graph({
    title: "Requests by status",
    about:
      "Purchase attempts a second: success is an order, new or replayed; fail is everything else, a polite no included.",
    unit: "reqps",
    lines: [{ expr: "sum(rate(flash_sale_requests_total[1m])) by (status)", legend: "{{status}}" }],
    width: 8,
    height: 9,
    colors: STATUSES,
  }),
  graph({
    title: "Outcomes",
    about: "Purchase attempts a second by the word that answered them.",
    unit: "reqps",
    lines: [
      { expr: `sum by (outcome) (${rate('flash_sale_requests_total{sale=~"$sale"}')}) > 0`, legend: "{{outcome}}" },
    ],
    width: 8,
    height: 9,
    colors: OUTCOMES,
    isStacked: true,
  }),
  graph({
    title: "Stock",
    about: "Units by state. The height is the total, and changes only with a restock.",
    unit: "short",
    lines: ["sold", "held", "free"].map(state => ({ expr: units(state), legend: state })),
    width: 8,
    height: 9,
    colors: STATES,
    isStacked: true,
    isStepped: true,
  }),
]

const quantiles = (name: string) => [
  { expr: quantile(0.5, name), legend: "p50" },
  { expr: quantile(0.99, name), legend: "p99" },
]
const TAILS = { p50: P50, p99: P99 }

/** How fast, and by whom. */
export const speed = () => [
  graph({
    title: "Purchases",
    about:
      "From a request's arrival at a replica to its answer: half of them, and all but one in a hundred, are faster.",
    unit: "s",
    lines: quantiles("flash_sale_purchase_duration_seconds"),
    width: 8,
    colors: TAILS,
  }),
  graph({
    title: "Rate by node",
    about: "Purchase attempts a second by replica. Equal heights: the load is balanced.",
    unit: "reqps",
    lines: [{ expr: `sum by (node) (${rate("flash_sale_requests_total")})`, legend: "{{node}}" }],
    width: 8,
    isStacked: true,
  }),
  graph({
    title: "Store call",
    about: "One call of the store with a whole batch, as a replica sees it, its fsync included.",
    unit: "s",
    lines: quantiles("flash_sale_store_call_duration_seconds"),
    width: 8,
    colors: TAILS,
  }),
]

/** What happens behind the replicas. */
export const store = () => [
  graph({
    title: "Batch size",
    about:
      "Attempts that shared one call of the store. It grows with the load, up to 256: that is what keeps calls few.",
    unit: "short",
    lines: [
      {
        expr: `sum(${rate("flash_sale_batch_size_sum")}) / sum(${rate("flash_sale_batch_size_count")})`,
        legend: "mean",
      },
      { expr: quantile(0.99, "flash_sale_batch_size"), legend: "p99" },
    ],
    width: 6,
    colors: { mean: P50, p99: P99 },
  }),
  graph({
    title: "Ledger lag",
    about:
      "Age of the oldest fact that the ledger does not hold yet. Nothing is lost while it grows; over 10 s somebody looks.",
    unit: "s",
    lines: [{ expr: "flash_sale:ledger_lag_seconds:max", legend: "lag" }],
    width: 6,
    colors: { lag: P50 },
    steps: [
      [0, GOOD],
      [10, BAD],
    ],
  }),
  graph({
    title: "Facts to drain",
    about: "Facts that wait for the ledger. At JOURNAL_FACTS_MAX, 200,000 unless set otherwise, selling stops.",
    unit: "short",
    lines: [{ expr: "max(flash_sale_ledger_lag_facts)", legend: "facts" }],
    width: 6,
    colors: { facts: P99 },
  }),
  graph({
    title: "Replicas",
    about: "Replicas that answer Prometheus, and processes that replaced another within the last minute.",
    unit: "short",
    lines: [
      { expr: "flash_sale:replicas:up", legend: "up" },
      { expr: "sum(increase(flash_sale_node_restarts_total[1m]))", legend: "restarts" },
    ],
    width: 6,
    colors: { up: GOOD, restarts: BAD },
    isStepped: true,
  }),
]

export const processes = () => [
  graph({
    title: "Processor",
    about: "Cores in use, by process.",
    unit: "short",
    lines: [{ expr: rate("process_cpu_seconds_total"), legend: "{{instance}}" }],
    width: 8,
  }),
  graph({
    title: "Memory",
    about: "Resident memory, by process.",
    unit: "bytes",
    lines: [{ expr: "process_resident_memory_bytes", legend: "{{instance}}" }],
    width: 8,
  }),
  graph({
    title: "Event loop",
    about: "How late the last timer was: a process that is this busy answers this late.",
    unit: "s",
    lines: [{ expr: "nodejs_eventloop_lag_seconds", legend: "{{instance}}" }],
    width: 8,
  }),
]
