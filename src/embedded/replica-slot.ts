import type { NodeStatus } from "../core/ports/nodes.ts"
import type { Millis } from "../core/sale.ts"
import { smoothed } from "../observability/rate.ts"
import type { ChildProcess } from "../processes/child-process.ts"
import { START_MAX_MS } from "../processes/heartbeat.ts"
import { RestartBackoff } from "../processes/restart-backoff.ts"
import { type Beat, HUNG_MS, type ToReplica } from "./ipc/messages.ts"

/** One process of a node, from its start to its end. */
export interface Life {
  process: ChildProcess<ToReplica>
  startedAt: Millis
  /** This and the next are of a monotonic clock. */
  readyAt?: number
  lastBeatAt: number
  requests: number
}

export function isHung({ readyAt, lastBeatAt }: Life, now: number): boolean {
  return now - lastBeatAt > (readyAt === undefined ? START_MAX_MS : HUNG_MS)
}

/** One node: a name that outlives its processes. `now` is of a monotonic clock. */
export class ReplicaSlot {
  life: Life | undefined
  restarts = 0
  readonly #status: NodeStatus
  readonly #backoff = new RestartBackoff()

  constructor(readonly id: string) {
    this.#status = { id, state: "down", startedAt: Date.now(), restarts: 0, requestsPerSecond: 0 }
  }

  status(): NodeStatus {
    return { ...this.#status, restarts: this.restarts }
  }

  /** This process is the node from now on. */
  took(life: Life): void {
    const { process, startedAt, readyAt } = life
    this.life = life
    Object.assign(this.#status, { pid: process.pid, startedAt, state: readyAt === undefined ? "starting" : "ready" })
  }

  ready(life: Life, now: number): void {
    life.readyAt = now
    life.lastBeatAt = now
    if (life === this.life) this.#status.state = "ready"
  }

  beat(life: Life, { requests, memoryBytes }: Beat, now: number): void {
    const seconds = (now - life.lastBeatAt) / 1000
    const rate = seconds > 0 ? (requests - life.requests) / seconds : 0
    life.requests = requests
    life.lastBeatAt = now
    // A predecessor beats on while it drains.
    if (life !== this.life) return
    this.#status.requestsPerSecond = smoothed(this.#status.requestsPerSecond, rate)
    this.#status.memoryBytes = memoryBytes
  }

  /** Returns how long to wait before the next process. */
  ended(why: string, now: number): number {
    const life = this.life!
    this.life = undefined
    Object.assign(this.#status, { pid: undefined, state: "down", requestsPerSecond: 0, memoryBytes: undefined })
    this.#status.lastExit = why
    return this.#backoff.next(life.readyAt === undefined ? undefined : now - life.readyAt)
  }
}
