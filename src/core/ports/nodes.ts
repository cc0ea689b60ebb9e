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
  /** Whether `kill` and `drain` work here. */
  readonly hasDrills: boolean
  /** Sends SIGKILL, for drills. With `pid`, only to that process, never to its successor. False if there is none. */
  kill(nodeId: string, pid?: number): Promise<boolean>
  /** Begins to replace the node: a successor takes over, then the process finishes its open requests and ends. */
  drain(nodeId: string): Promise<boolean>
  /** This node's metrics in Prometheus' text format, as `/metrics` shows them. */
  metrics(): Promise<string>
  /** The metrics of all nodes in the same format. No counter ever decreases, whichever node serves the request. */
  allMetrics(): Promise<string>
}

/** What a node publishes about itself. */
export interface NodeRecord {
  status: NodeStatus
  /** By the node's own clock. */
  at: Millis
}

/** Where the nodes of a stack, which have no supervisor, publish their state. Rejects with an `InventoryFault`. */
export interface NodeRegistry {
  /** Replaces the node's record and, if given, the text of its counters. Resolves to the records of all nodes. */
  publish(record: NodeRecord, counters?: string): Promise<NodeRecord[]>
  /** What the last process with this node id published. */
  load(nodeId: string): Promise<{ record?: NodeRecord; counters?: string }>
  /** The counters of every node, one text each. */
  allCounters(): Promise<string[]>
  forget(nodeIds: string[]): Promise<void>
}

/** The share of the newest measurement in the next value. */
const SMOOTHING = 0.3

/** The next value of a rate that people read: it changes calmly and has one decimal. */
export function smoothed(before: number, measured: number): number {
  return Math.round((before + SMOOTHING * (measured - before)) * 10) / 10
}
