import { InventoryFault } from "../../core/ports/inventory.ts"
import type { NodeRecord, NodeRegistry, NodeStatus } from "../../core/ports/nodes.ts"
import { smoothed } from "../../observability/rate.ts"
import { NodeLiveness } from "./node-liveness.ts"
import type { SavedCounters } from "./saved-counters.ts"

const HEARTBEAT_MS = 1000
/** After a beat that failed: who comes back is soon seen again. */
const RETRY_MS = 200
const MEASURE_MIN_SECONDS = 0.5
/** Without news for so long, this node knows nothing of the others either. */
const BLIND_MS = 3000

export interface HeartbeatOptions {
  registry: NodeRegistry
  nodeId: string
  pid: number
  savedCounters: SavedCounters
  /** Requests answered since the process began. */
  requests(): number
  state(): NodeStatus["state"]
  memoryBytes(): number
}

/** Tells the other nodes of this one, each second, and hears of them in return. The store may be away for any time. */
export class Heartbeat {
  readonly #startedAt = Date.now()
  readonly #sightings = new NodeLiveness()
  #timer: Timer | undefined
  #beating: Promise<unknown> = Promise.resolve()
  #recalling: Promise<void> | undefined
  #heardAt = Number.NEGATIVE_INFINITY
  #countedAt = performance.now()
  #requests = 0
  #rate = 0
  #lastExit: string | undefined

  constructor(private readonly options: HeartbeatOptions) {}

  start(): void {
    const next = () => {
      const again = (pause: number) => {
        if (this.#timer !== undefined) this.#timer = setTimeout(next, pause)
      }
      this.#beating = this.beat().then(
        () => again(HEARTBEAT_MS),
        () => again(RETRY_MS),
      )
    }
    this.#timer = setTimeout(next, 0)
  }

  /** Saves what was counted, for the next process of this name, and says that this one has ended. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    await this.#beating
    await this.beat("down").catch(() => {})
  }

  /** Every node that was there within the last minute. */
  nodes(): NodeStatus[] {
    const now = performance.now()
    if (now - this.#heardAt > BLIND_MS) throw new InventoryFault("The store that the nodes meet in is away.", true)
    return this.#sightings.nodes(now)
  }

  /** From here on, no later process of this name shows less than what this one had counted when it was called. */
  async beat(state = this.options.state()): Promise<void> {
    const { registry, nodeId, savedCounters } = this.options
    if (!savedCounters.isReady) await this.#recalled()
    this.#measure()
    const record: NodeRecord = { status: this.#status(state), at: Date.now() }
    let records: NodeRecord[] = []
    await savedCounters.save(async changed => {
      records = await registry.tell(record, changed)
    })
    this.#heardAt = performance.now()
    const forgotten = this.#sightings.see(records, this.#heardAt, record.at).filter(id => id !== nodeId)
    if (forgotten.length > 0) await registry.forget(forgotten)
  }

  /** Once: to begin again, with what this process has saved by then, would count it twice. */
  #recalled(): Promise<void> {
    this.#recalling ??= this.#recall().finally(() => {
      this.#recalling = undefined
    })
    return this.#recalling
  }

  async #recall(): Promise<void> {
    const { registry, nodeId, savedCounters } = this.options
    const { record, counted } = await registry.recall(nodeId)
    savedCounters.begin(counted, record ? record.status.restarts + 1 : 0)
    if (record) this.#lastExit = record.status.state === "down" ? record.status.lastExit : "ended without a word"
  }

  #status(state: NodeStatus["state"]): NodeStatus {
    const { nodeId: id, pid, savedCounters, memoryBytes } = this.options
    const { restarts } = savedCounters
    const common = { id, startedAt: this.#startedAt, restarts }
    if (state === "down") return { ...common, state, requestsPerSecond: 0, lastExit: "stopped in order" }
    const lastExit = this.#lastExit
    return { ...common, pid, state, requestsPerSecond: this.#rate, memoryBytes: memoryBytes(), lastExit }
  }

  #measure(): void {
    const now = performance.now()
    const requests = this.options.requests()
    const seconds = (now - this.#countedAt) / 1000
    // A scrape makes this beat more often than the rate can tell.
    if (seconds < MEASURE_MIN_SECONDS) return
    this.#rate = smoothed(this.#rate, (requests - this.#requests) / seconds)
    this.#requests = requests
    this.#countedAt = now
  }
}
