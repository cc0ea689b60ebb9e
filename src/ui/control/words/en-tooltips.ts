/** What each number means, in a sentence. */
export const meaningsEn = {
  unitsSold: "Units that belong to a customer for good.",
  unitsHeld: "Units that wait for their customer to confirm.",
  unitsFree: "Units that anybody may buy now.",
  sold: "Purchases a second that won a unit for good.",
  held: "Purchases a second that were given a unit to confirm.",
  limit: "Purchases a second refused because the customer has as many as one may.",
  sold_out: "Purchases a second refused because no unit is free. Most are answered from memory.",
  other: "Purchases a second answered otherwise: repeats, sales that are not open, malformed requests.",
  busy: "Purchases a second turned away before they reached the store: certainly without effect.",
  unknown: "Purchases a second whose outcome nobody could tell in time. The buyer repeats with the same key.",
  rate: "Purchase attempts answered a second, by every node together.",
  p50: "Half of the purchases of the last second were answered within this time.",
  p99: "99 of 100 purchases of the last second were answered within this time.",
  nodeRate: "Requests of every kind that this node answers a second, smoothed. The query counts purchases alone.",
  nodeP99: "99 of 100 purchases that this node answered in the last 15 seconds took no longer.",
  memory: "Memory that the node's process holds.",
  restarts: "Processes of this node that replaced another, for whatever reason.",
  up: "Time since the node's process began.",
  gate: "Open while the store may sell. It closes by itself when stock and record have to be compared first.",
  lag: "Facts that the permanent record does not hold yet. Embedded, store and record are one, so there is none.",
  violations: "Times that free, held and sold did not add up to the total. Must be 0; otherwise the store has stopped.",
  orders: "Orders that the audit has read, of this sale.",
}

export type Meanings = typeof meaningsEn
