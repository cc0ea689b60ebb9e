import { InventoryFault } from "../../core/ports/inventory.ts"
import { type NodeRecord, type NodeRegistry, type NodeStatus, smoothed } from "../../core/ports/nodes.ts"
import { sleep, systemTime, type Time } from "../../runtime/time.ts"
import { NodeLiveness } from "./node-liveness.ts"
import type { SavedCounters } from "./saved-counters.ts"

/** The pause between two heartbeats. */
const PUBLISH_EVERY_MS = 1000
/** The pause after a failed heartbeat. It is short, so that other nodes see this one soon after the store is back. */
const RETRY_MS = 200
const RATE_SECONDS_MIN = 0.5
/** Without an answer from the registry for this long, this node knows nothing about the others. */
const OUTDATED_MS = 3000

export interface HeartbeatOptions {
  registry: NodeRegistry
  nodeId: string
  pid: number
  savedCounters: SavedCounters
  /** Requests answered since the process began. */
  requests(): number
  state(): NodeStatus["state"]
  memoryBytes(): number
  time?: Time | undefined
}

/**
 * Publishes this node's state every second and reads that of the other nodes. The registry may be away at any time.
 * Disposing of it saves the counters for the next process of this name and publishes that this one has ended.
 */
export class Heartbeat implements AsyncDisposable {
  readonly #time: Time
  readonly #startedAt: number
  readonly #liveness = new NodeLiveness()
  readonly #stopping = new AbortController()
  #running: Promise<void> | undefined
  #loading: Promise<void> | undefined
  #answeredAt = Number.NEGATIVE_INFINITY
  #measuredAt: number
  #requests = 0
  #rate = 0
  #lastExit: string | undefined

  constructor(private readonly options: HeartbeatOptions) {
    this.#time = options.time ?? systemTime
    this.#startedAt = this.#time.now()
    this.#measuredAt = this.#time.monotonic()
  }

  start(): void {
    this.#running ??= this.#run()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort()
    await this.#running
    await this.beat("down").catch(() => {})
  }

  /** The nodes of the last minute. Throws an `InventoryFault` if the registry has not answered for three seconds. */
  nodes(): NodeStatus[] {
    const now = this.#time.monotonic()
    if (now - this.#answeredAt > OUTDATED_MS) {
      throw new InventoryFault("The store that holds the list of nodes does not answer.", true)
    }
    return this.#liveness.nodes(now)
  }

  /**
   * Publishes now. After it resolves, no later process of this node exports lower counters than this one had at the call.
   */
  async beat(state = this.options.state()): Promise<void> {
    const { registry, nodeId, savedCounters } = this.options
    if (!savedCounters.isLoaded) await this.#loadOnce()
    this.#measureRate()
    const record: NodeRecord = { status: this.#status(state), at: this.#time.now() }
    let records: NodeRecord[] = []
    await savedCounters.save(async changed => {
      records = await registry.publish(record, changed)
    })
    this.#answeredAt = this.#time.monotonic()
    const forgotten = this.#liveness.observe(records, this.#answeredAt, record.at).filter(id => id !== nodeId)
    if (forgotten.length > 0) await registry.forget(forgotten)
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping
    while (!signal.aborted) {
      const pause = await this.beat().then(
        () => PUBLISH_EVERY_MS,
        () => RETRY_MS,
      )
      await sleep(pause, signal, this.#time)
    }
  }

  /** Loads only once: a second load would add the counts that this process has saved meanwhile. */
  #loadOnce(): Promise<void> {
    this.#loading ??= this.#load().finally(() => {
      this.#loading = undefined
    })
    return this.#loading
  }

  async #load(): Promise<void> {
    const { registry, nodeId, savedCounters } = this.options
    const { record, counters } = await registry.load(nodeId)
    savedCounters.restore(counters, record ? record.status.restarts + 1 : 0)
    if (record) this.#lastExit = record.status.state === "down" ? record.status.lastExit : "ended without a word"
  }

  #status(state: NodeStatus["state"]): NodeStatus {
    const { nodeId: id, pid, savedCounters, memoryBytes } = this.options
    const { restarts } = savedCounters
    const common = { id, startedAt: this.#startedAt, restarts }
    if (state === "down") return { ...common, state, requestsPerSecond: 0, lastExit: "stopped in order" }
    const lastExit = this.#lastExit
    const live = { pid, state, requestsPerSecond: this.#rate, memoryBytes: memoryBytes() }
    return { ...common, ...live, ...(lastExit !== undefined && { lastExit }) }
  }

  #measureRate(): void {
    const now = this.#time.monotonic()
    const seconds = (now - this.#measuredAt) / 1000
    // A scrape publishes, too. Over the short time since the last heartbeat the rate would be noise.
    if (seconds < RATE_SECONDS_MIN) return
    const requests = this.options.requests()
    this.#rate = smoothed(this.#rate, (requests - this.#requests) / seconds)
    this.#requests = requests
    this.#measuredAt = now
  }
}
