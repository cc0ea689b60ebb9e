import { ENTRIES_MAX, type Entry, type Logbook } from "../../core/ports/logbook.ts"
import type { NodeRecord, NodeRegistry } from "../../core/ports/nodes.ts"

/** Sends one command about `key`, after all earlier ones. Rejects with an `InventoryFault`. */
export type Send = (key: string, ...args: string[]) => Promise<unknown>

const NODES = "{fleet}:nodes"
const COUNTED = "{fleet}:counted"
const LOGBOOK = "{fleet}:logbook"

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
    return lines.map(line => JSON.parse(line) as Entry)
  }
}
