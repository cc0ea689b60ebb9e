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
      "Purchase attempts per second. Success is an order, new or replayed; fail is everything else, including a definite no.",
    unit: "reqps",
    lines: [{ expr: "sum(rate(flash_sale_requests_total[1m])) by (status)", legend: "{{status}}" }],
    width: 8,
    height: 9,
    colors: STATUSES,
  }),
  graph({
    title: "Outcomes",
    about: "Purchase attempts per second by outcome.",
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
    about: "Units by state. The height is the total, which only a restock changes.",
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

/** How fast purchases are answered, and by which replicas. */
export const speed = () => [
  graph({
    title: "Purchases",
    about:
      "From the arrival of a request at a replica to its answer: the median, and the time that one in a hundred exceeds.",
    unit: "s",
    lines: quantiles("flash_sale_purchase_duration_seconds"),
    width: 8,
    colors: TAILS,
  }),
  graph({
    title: "Rate by node",
    about: "Purchase attempts per second by replica. Equal heights mean that the load is balanced.",
    unit: "reqps",
    lines: [{ expr: `sum by (node) (${rate("flash_sale_requests_total")})`, legend: "{{node}}" }],
    width: 8,
    isStacked: true,
  }),
  graph({
    title: "Store call",
    about: "One call of the store with a whole batch, measured at the replica and including the fsync.",
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
      "Attempts that share one call of the store. It grows with the load, up to 256, and keeps the number of calls low.",
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
    about: "Age of the oldest fact that the ledger lacks. Nothing is lost while it grows. Above 10 s an alert fires.",
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
    about: "Replicas that Prometheus reaches, and restarts within the last minute.",
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
    about: "How late the last timer fired. Answers are delayed by as much.",
    unit: "s",
    lines: [{ expr: "nodejs_eventloop_lag_seconds", legend: "{{instance}}" }],
    width: 8,
  }),
]
