import type { NodeStatus } from "../core/fleet.ts"
import type { Millis } from "../core/sale.ts"
import { type Beat, HUNG_MS, START_MAX_MS } from "./messages.ts"
import type { ReplicaProcess } from "./replica-process.ts"

/** A replica that lived this long after it was ready is restarted at once; a shorter life waits, twice as long each time. */
const STABLE_MS = 1000
const BACKOFF_MIN_MS = 100
const BACKOFF_MAX_MS = 5000
/** Weight of the newest beat in the rate. */
const SMOOTHING = 0.3

/** One process of a node, from its start to its end. */
export interface Life {
  process: ReplicaProcess
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
export class Slot {
  life: Life | undefined
  restarts = 0
  readonly #status: NodeStatus
  #backoff = 0

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
    const before = this.#status.requestsPerSecond
    this.#status.requestsPerSecond = Math.round((before + SMOOTHING * (rate - before)) * 10) / 10
    this.#status.memoryBytes = memoryBytes
  }

  /** Returns how long to wait before the next process. */
  ended(why: string, now: number): number {
    const life = this.life!
    this.life = undefined
    Object.assign(this.#status, { pid: undefined, state: "down", requestsPerSecond: 0, memoryBytes: undefined })
    this.#status.lastExit = why
    const stable = life.readyAt !== undefined && now - life.readyAt >= STABLE_MS
    this.#backoff = stable ? 0 : Math.min(BACKOFF_MAX_MS, Math.max(BACKOFF_MIN_MS, this.#backoff * 2))
    return this.#backoff
  }
}
