import type { Millis } from "./sale.ts"

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
export interface Fleet {
  nodes(): Promise<NodeStatus[]>
  /** SIGKILL, for drills. False when there is no such process. */
  kill(nodeId: string): Promise<boolean>
  /** Every series of every replica and of the supervisor, in Prometheus' text format. */
  metrics(): Promise<string>
}
