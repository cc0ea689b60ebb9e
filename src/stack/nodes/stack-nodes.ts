import type { NodeRegistry, NodeStatus, Nodes } from "../../core/ports/nodes.ts"
import { merge } from "../../observability/merge.ts"
import { counter, type Series } from "../../observability/metric-family.ts"
import { render } from "../../observability/prometheus-text.ts"
import { withTimeout } from "../../runtime/time.ts"
import type { Heartbeat } from "./heartbeat.ts"
import type { SavedCounters } from "./saved-counters.ts"

/** How long an answer waits for the store; Prometheus' own patience is a second. */
const SAVE_MAX_MS = 300

export interface StackNodesOptions {
  heartbeat: Heartbeat
  savedCounters: SavedCounters
  registry: NodeRegistry
  /** The series of the store and of the ledger beside it. */
  stores(): Promise<Series[]>
}

/** The replicas of a stack: each on its own, known to the others by what it writes into the store. */
export class StackNodes implements Nodes {
  readonly hasDrills = false

  constructor(private readonly options: StackNodesOptions) {}

  /** As the store has them now: two replicas that are asked one after the other do not contradict each other. */
  async nodes(): Promise<NodeStatus[]> {
    const { heartbeat } = this.options
    await withTimeout(SAVE_MAX_MS, heartbeat.beat()).catch(() => {})
    return heartbeat.nodes()
  }

  async kill(): Promise<boolean> {
    return false
  }

  async drain(): Promise<boolean> {
    return false
  }

  /** Shows only what is saved, unless the store is away: otherwise a kill would make counters go back. */
  async metrics(): Promise<string> {
    const { heartbeat, savedCounters } = this.options
    await withTimeout(SAVE_MAX_MS, heartbeat.beat()).catch(() => {})
    return render([...savedCounters.shown(), ...savedCounters.process()])
  }

  async allMetrics(): Promise<string> {
    const { heartbeat, registry, stores } = this.options
    await heartbeat.beat()
    const counted = (await registry.counted()).map(text => JSON.parse(text) as Series[])
    const restarts = heartbeat.nodes().map(({ id, restarts }) => ({ labels: { node: id }, value: restarts }))
    return render([
      ...merge(counted),
      counter("flash_sale_node_restarts_total", "Processes that replaced another.", restarts),
      ...(await stores()),
    ])
  }
}
