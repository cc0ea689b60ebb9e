import type { Millis } from "../sale.ts"

export interface NodeStatus {
  id: string
  pid?: number
  state: "starting" | "ready" | "draining" | "down"
  startedAt: Millis
  restarts: number
  requestsPerSecond: number
  memoryBytes?: number
  /** Why the previous process ended. */
  lastExit?: string
}

/** The replicas, seen from one of them. */
export interface Nodes {
  nodes(): Promise<NodeStatus[]>
  /** Whether `kill` and `drain` do anything here. */
  readonly hasDrills: boolean
  /** SIGKILL, for drills. False when there is no such process: with `pid`, that very one, not its successor. */
  kill(nodeId: string, pid?: number): Promise<boolean>
  /** Begins to replace the node: a successor takes over, then the process finishes what is in flight and ends. */
  drain(nodeId: string): Promise<boolean>
  /** What this node's `/metrics` shows, in Prometheus' text format. */
  metrics(): Promise<string>
  /** What every node has counted, in the same format. No counter of it ever goes back, whichever node is asked. */
  allMetrics(): Promise<string>
}

/** What one node lets the others read. */
export interface NodeRecord {
  status: NodeStatus
  /** By the node's own clock. */
  at: Millis
}

/** Where the nodes of a stack, which share no supervisor, tell of themselves. Faults are an `InventoryFault`. */
export interface NodeRegistry {
  /** Replaces the node's record, and what it has counted if that is given: a text of its own. Returns every record. */
  tell(record: NodeRecord, counted?: string): Promise<NodeRecord[]>
  /** What a node of this name left behind. */
  recall(nodeId: string): Promise<{ record?: NodeRecord; counted?: string }>
  /** What each node has counted. */
  counted(): Promise<string[]>
  forget(nodeIds: string[]): Promise<void>
}
