import { BAD, GOOD, INK, WARN } from "./colors.ts"
import { stat } from "./parts.ts"
import { units } from "./units.ts"

/** The large figures at the top. */
export const figures = () => [
  stat({
    title: "Sold",
    about: "Units of confirmed orders.",
    unit: "short",
    expr: units("sold"),
    width: 4,
    steps: [[0, GOOD]],
  }),
  stat({
    title: "Held",
    about: "Units that wait for payment. At the deadline they are either sold or free again.",
    unit: "short",
    expr: units("held"),
    width: 3,
    steps: [[0, WARN]],
  }),
  stat({
    title: "Free",
    about: "Units that are still for sale.",
    unit: "short",
    expr: units("free"),
    width: 3,
    steps: [[0, INK]],
  }),
  stat({
    title: "Attempts",
    about: "Purchase attempts answered per second by all replicas.",
    unit: "reqps",
    expr: "sum(rate(flash_sale_requests_total[10s]))",
    width: 3,
    steps: [[0, INK]],
    decimals: 0,
  }),
  stat({
    title: "p99",
    about: "One purchase in a hundred takes longer than this. Half a second is too long.",
    unit: "s",
    expr: "flash_sale:purchase_duration_seconds:p99_10s",
    width: 3,
    steps: [
      [0, GOOD],
      [0.1, WARN],
      [0.5, BAD],
    ],
  }),
  stat({
    title: "Gate",
    about:
      "Open while the store sells. After a restart it stays closed until the worker has compared the store with the ledger.",
    unit: "none",
    expr: "flash_sale:gate_open:min",
    width: 3,
    steps: [
      [0, BAD],
      [1, GOOD],
    ],
    says: { 0: ["closed", BAD], 1: ["open", GOOD] },
    isFilled: true,
  }),
  stat({
    title: "Conservation",
    about:
      "Free + held + sold must equal the total after every transition and in every scrape. It must never be violated.",
    unit: "none",
    expr: "max(flash_sale_conservation_violations_total) + max(sale_sku:flash_sale_units:missing)",
    width: 3,
    steps: [
      [0, GOOD],
      [1, BAD],
    ],
    says: { 0: ["kept", GOOD] },
    isFilled: true,
  }),
  stat({
    title: "Alerts",
    about: "Alerts that fire now. Prometheus lists them under Alerts, and the runbook says what to do.",
    unit: "none",
    expr: 'count(ALERTS{alertstate="firing"}) or vector(0)',
    width: 2,
    steps: [
      [0, GOOD],
      [1, BAD],
    ],
    says: { 0: ["none", GOOD] },
    isFilled: true,
  }),
]
