import { type NodeStatus, smoothed } from "../core/ports/nodes.ts"
import type { Millis } from "../core/sale.ts"
import { type ChildProcess, type Exit, RestartBackoff, START_MAX_MS } from "../processes/child-process.ts"
import type { Clock } from "../runtime/time.ts"
import { type HeartbeatMessage, REPLICA_HUNG_MS, type ToReplica } from "./ipc/protocol.ts"

/** One process of a replica, from its start to its end. */
export interface ReplicaProcess {
  process: ChildProcess<ToReplica>
  /** Wall time. The other two are monotonic. */
  startedAt: Millis
  readyAt?: number
  lastHeartbeatAt: number
  requests: number
  /** The replica's own sentence about why it could not start. */
  failure?: string
  /** The supervisor killed it because it sent no heartbeat. */
  wasHung?: boolean
}

export function isHung({ readyAt, lastHeartbeatAt }: ReplicaProcess, now: number): boolean {
  return now - lastHeartbeatAt > (readyAt === undefined ? START_MAX_MS : REPLICA_HUNG_MS)
}

/** One node: a name that outlives the processes that serve under it. */
export class ReplicaSlot {
  /** The process that serves as this node; while the node is replaced, the newer one. */
  current: ReplicaProcess | undefined
  restarts = 0
  /** Processes in a row that ended before they were ready, for a reason of their own. */
  failedStarts = 0
  /** Starts the next process after a pause, once the one before has ended. */
  nextStart: Disposable | undefined
  readonly #status: NodeStatus
  readonly #backoff = new RestartBackoff()

  constructor(
    readonly id: string,
    private readonly clock: Clock,
  ) {
    this.#status = { id, state: "down", startedAt: clock.now(), restarts: 0, requestsPerSecond: 0 }
  }

  status(): NodeStatus {
    return { ...this.#status, restarts: this.restarts }
  }

  /** From now on `replica` is the node's current process. */
  use(replica: ReplicaProcess): void {
    const { process, startedAt, readyAt } = replica
    this.current = replica
    Object.assign(this.#status, { pid: process.pid, startedAt, state: readyAt === undefined ? "starting" : "ready" })
  }

  ready(replica: ReplicaProcess): void {
    replica.readyAt = this.clock.monotonic()
    replica.lastHeartbeatAt = replica.readyAt
    this.failedStarts = 0
    if (replica === this.current) this.#status.state = "ready"
  }

  heartbeat(replica: ReplicaProcess, { requests, memoryBytes }: HeartbeatMessage): void {
    const now = this.clock.monotonic()
    const seconds = (now - replica.lastHeartbeatAt) / 1000
    const rate = seconds > 0 ? (requests - replica.requests) / seconds : 0
    replica.requests = requests
    replica.lastHeartbeatAt = now
    // A process that drains still sends heartbeats beside its successor.
    if (replica !== this.current) return
    this.#status.requestsPerSecond = smoothed(this.#status.requestsPerSecond, rate)
    this.#status.memoryBytes = memoryBytes
  }

  /** The current process ended. Returns the pause before the next start, in milliseconds. */
  ended({ readyAt, failure, wasHung }: ReplicaProcess, { reason, wasKilled }: Exit): number {
    this.current = undefined
    const lastExit = failure ?? reason
    Object.assign(this.#status, {
      pid: undefined,
      state: "down",
      requestsPerSecond: 0,
      memoryBytes: undefined,
      lastExit,
    })
    // A kill from outside says nothing about whether the replica can start.
    if (readyAt === undefined && (wasHung || !wasKilled)) this.failedStarts++
    return this.#backoff.next(readyAt === undefined ? undefined : this.clock.monotonic() - readyAt)
  }
}
