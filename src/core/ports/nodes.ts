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
  /** Sends SIGKILL, for drills. With `pid`, only to that process, never to its successor. False if there is no such process. */
  kill(nodeId: string, pid?: number): Promise<boolean>
  /** Begins to replace the node: a successor takes over, then the process finishes what is in flight and ends. */
  drain(nodeId: string): Promise<boolean>
  /** What this node's `/metrics` shows, in Prometheus' text format. */
  metrics(): Promise<string>
  /** What every node has counted, in the same format. No counter of it ever goes back, whichever node is asked. */
  allMetrics(): Promise<string>
}

/** What one node lets the others read of it. */
export interface NodeRecord {
  status: NodeStatus
  /** By the node's own clock. */
  at: Millis
}

/** Where the nodes of a stack, which share no supervisor, publish their state. It rejects with an `InventoryFault`. */
export interface NodeRegistry {
  /** Replaces the node's record and, if given, the text of its counters. Resolves to the records of all nodes. */
  publish(record: NodeRecord, counters?: string): Promise<NodeRecord[]>
  /** What the last process under this name published. */
  load(nodeId: string): Promise<{ record?: NodeRecord; counters?: string }>
  /** The counters of every node, one text each. */
  allCounters(): Promise<string[]>
  forget(nodeIds: string[]): Promise<void>
}
