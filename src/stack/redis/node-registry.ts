import {
  addedUp,
  ENTRIES_MAX,
  type Entry,
  entryIn,
  FAILURES_MAX,
  type FailedSignIns,
  type Logbook,
} from "../../core/ports/logbook.ts"
import type { NodeRecord, NodeRegistry } from "../../core/ports/nodes.ts"
import type { Proof, Proofs } from "../../http/proof/proofs.ts"

/** Sends one command about `key`, after all earlier ones. Rejects with an `InventoryFault`. */
export type Send = (key: string, ...args: string[]) => Promise<unknown>

const NODES = "{fleet}:nodes"
const COUNTED = "{fleet}:counted"
const LOGBOOK = "{fleet}:logbook"
const PROOFS = "{fleet}:proofs"
const FAILURES = "{fleet}:failed-sign-ins"

/** The nodes' records, shared by all processes of a stack. No sale depends on them. */
export class RedisNodeRegistry implements NodeRegistry {
  constructor(private readonly send: Send) {}

  async publish(record: NodeRecord, counters?: string): Promise<NodeRecord[]> {
    const { id } = record.status
    const [records] = await Promise.all([
      this.send(NODES, "HSET", NODES, id, JSON.stringify(record)).then(() => this.send(NODES, "HVALS", NODES)),
      counters !== undefined && this.send(COUNTED, "HSET", COUNTED, id, counters),
    ])
    return (records as string[]).map(text => JSON.parse(text) as NodeRecord)
  }

  async load(nodeId: string): Promise<{ record?: NodeRecord; counters?: string }> {
    const [record, counters] = await Promise.all([
      this.send(NODES, "HGET", NODES, nodeId) as Promise<string | null>,
      this.send(COUNTED, "HGET", COUNTED, nodeId) as Promise<string | null>,
    ])
    return {
      ...(record !== null && { record: JSON.parse(record) as NodeRecord }),
      ...(counters !== null && { counters }),
    }
  }

  async allCounters(): Promise<string[]> {
    return (await this.send(COUNTED, "HVALS", COUNTED)) as string[]
  }

  async forget(nodeIds: string[]): Promise<void> {
    await Promise.all([NODES, COUNTED].map(key => this.send(key, "HDEL", key, ...nodeIds)))
  }
}

/** The administrators' logbook, shared by all replicas of a stack. */
export class RedisLogbook implements Logbook {
  constructor(private readonly send: Send) {}

  async enter(entry: Entry): Promise<void> {
    await this.send(LOGBOOK, "RPUSH", LOGBOOK, JSON.stringify(entry))
    await this.send(LOGBOOK, "LTRIM", LOGBOOK, String(-ENTRIES_MAX), "-1")
  }

  async entries(): Promise<Entry[]> {
    const lines = (await this.send(LOGBOOK, "LRANGE", LOGBOOK, "0", "-1")) as string[]
    return lines.flatMap(line => entryIn(line) ?? [])
  }

  async addFailures(rows: readonly FailedSignIns[]): Promise<void> {
    for (const { at, subnet, count } of rows) {
      await this.send(FAILURES, "HINCRBY", FAILURES, `${at} ${subnet}`, String(count))
    }
    const fields = (await this.send(FAILURES, "HKEYS", FAILURES)) as string[]
    // The times have the same number of digits, so the oldest come first.
    const old = fields.sort().slice(0, Math.max(0, fields.length - FAILURES_MAX))
    if (old.length > 0) await this.send(FAILURES, "HDEL", FAILURES, ...old)
  }

  async failures(): Promise<FailedSignIns[]> {
    const fields = (await this.send(FAILURES, "HKEYS", FAILURES)) as string[]
    if (fields.length === 0) return []
    const counts = (await this.send(FAILURES, "HMGET", FAILURES, ...fields)) as (string | null)[]
    const rows = fields.map((field, at) => {
      const [minute = "", subnet = ""] = field.split(" ")
      return { at: Number(minute), subnet, count: Number(counts[at]) }
    })
    return addedUp([], rows)
  }
}

/** Finished proofs, one for each sale. A store that loses them gets them again. */
export class RedisProofs implements Proofs {
  constructor(private readonly send: Send) {}

  async of(saleId: string): Promise<Proof | undefined> {
    const text = (await this.send(PROOFS, "HGET", PROOFS, saleId)) as string | null
    return text === null ? undefined : (JSON.parse(text) as Proof)
  }

  async keep(saleId: string, proof: Proof): Promise<void> {
    await this.send(PROOFS, "HSET", PROOFS, saleId, JSON.stringify(proof))
  }
}
