import type { NodeRecord, NodeStatus } from "../../core/ports/nodes.ts"
import type { Millis } from "../../core/sale.ts"

/** A node that is silent for so long is down; later it is no longer shown; and what it counted is kept for its successor. */
const DOWN_MS = 3000
const GONE_MS = 60_000
const FORGOTTEN_MS = 24 * 3_600_000

interface Sighting {
  record: NodeRecord
  /** When it was seen to be new, by a monotonic clock. */
  newAt: number
}

/** When each node was last heard of. Nodes' clocks may differ: only how long a record stays the same counts. */
export class NodeLiveness {
  readonly #all = new Map<string, Sighting>()

  /** Takes in every record that there is; returns the names that nobody needs any more. */
  see(records: readonly NodeRecord[], now: number, wallNow: Millis): string[] {
    for (const record of records) {
      const { id } = record.status
      const before = this.#all.get(id)
      if (before?.record.at === record.at) continue
      // At first sight its own clock is the only witness.
      const silentFor = before ? 0 : Math.max(0, wallNow - record.at)
      this.#all.set(id, { record, newAt: now - silentFor })
    }
    const present = new Set(records.map(({ status }) => status.id))
    for (const id of this.#all.keys()) if (!present.has(id)) this.#all.delete(id)
    return [...this.#all].filter(([, { newAt }]) => now - newAt > FORGOTTEN_MS).map(([id]) => id)
  }

  nodes(now: number): NodeStatus[] {
    return [...this.#all.values()]
      .filter(({ newAt }) => now - newAt < GONE_MS)
      .map(({ record: { status }, newAt }) => (now - newAt < DOWN_MS ? status : downed(status)))
      .sort((one, other) => (one.id < other.id ? -1 : 1))
  }
}

function downed({ id, startedAt, restarts, state, lastExit }: NodeStatus): NodeStatus {
  const why = state === "down" ? lastExit : "fell silent"
  return { id, startedAt, restarts, state: "down", requestsPerSecond: 0, lastExit: why }
}
