/** The meaning of each number, in a sentence or two. */
export const tooltipsEn = {
  unitsSold: "Units that customers have bought.",
  unitsHeld: "Units reserved for customers who have not confirmed yet.",
  unitsFree: "Units that anyone can buy now.",
  sold: "Purchases per second that bought a unit.",
  held: "Purchases per second that got a unit on hold.",
  limit: "Purchases per second refused because the customer has reached the limit.",
  sold_out: "Purchases per second refused because no unit is free. Most are answered from memory.",
  other: "Purchases per second with another outcome: replayed orders, sales that are not open, invalid requests.",
  busy: "Purchases per second refused before they reached the store. They had no effect.",
  unknown: "Purchases per second whose outcome was not known in time. The buyer tries again with the same key.",
  rate: "Purchase attempts per second that all nodes together answered.",
  p50: "Half of the purchases in the last second were answered within this time.",
  p99: "99 of 100 purchases in the last second were answered within this time.",
  nodeRate: "Requests of every kind per second that this node answers, smoothed. The query counts purchases only.",
  nodeP99: "99 of 100 purchases on this node in the last 15 seconds were answered within this time.",
  memory: "Memory that the node’s process uses.",
  restarts: "How often a new process has replaced this node’s process, for any reason.",
  up: "Time since the node’s process started.",
  gate: "Open while the store may sell. It closes by itself when stock and ledger must be compared first.",
  lag: "Facts that are not in the ledger yet. In the embedded system there are none: store and ledger are one file.",
  violations:
    "How often free, held and sold did not add up to the total. It must be 0; otherwise the store stops selling.",
  orders: "Orders of this sale that the audit has read.",
}

export type TooltipWords = typeof tooltipsEn
