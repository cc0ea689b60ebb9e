import type { NodeRecord, NodeStatus } from "../../core/ports/nodes.ts"
import type { Millis } from "../../core/sale.ts"

/** A node whose record does not change for this long is down. */
const DOWN_MS = 3000
/** Later it is no longer shown. */
const HIDDEN_MS = 60_000
/** Its record and its counters are kept this long for its successor. */
const FORGOTTEN_MS = 24 * 3_600_000

interface Observation {
  record: NodeRecord
  /** When the record was first seen, by this process's monotonic clock. */
  seenAt: number
}

/** Decides which nodes are live. Nodes' clocks may differ, so only the time since a record last changed counts. */
export class NodeLiveness {
  readonly #observations = new Map<string, Observation>()

  /** Takes the records of all nodes. Returns the ids of nodes whose records are not needed any more. */
  observe(records: readonly NodeRecord[], now: number, wallNow: Millis): string[] {
    for (const record of records) {
      const { id } = record.status
      const before = this.#observations.get(id)
      if (before?.record.at === record.at) continue
      // When a record is seen for the first time, only the node's own clock can say how old it is.
      const age = before ? 0 : Math.max(0, wallNow - record.at)
      this.#observations.set(id, { record, seenAt: now - age })
    }
    const present = new Set(records.map(({ status }) => status.id))
    for (const id of this.#observations.keys()) if (!present.has(id)) this.#observations.delete(id)
    return [...this.#observations].filter(([, { seenAt }]) => now - seenAt > FORGOTTEN_MS).map(([id]) => id)
  }

  nodes(now: number): NodeStatus[] {
    return [...this.#observations.values()]
      .filter(({ seenAt }) => now - seenAt < HIDDEN_MS)
      .map(({ record: { status }, seenAt }) => (now - seenAt < DOWN_MS ? status : downStatus(status)))
      .sort((one, other) => (one.id < other.id ? -1 : 1))
  }
}

function downStatus({ id, startedAt, restarts, state, lastExit }: NodeStatus): NodeStatus {
  const why = state === "down" ? lastExit : "fell silent"
  return { id, startedAt, restarts, state: "down", requestsPerSecond: 0, ...(why !== undefined && { lastExit: why }) }
}
