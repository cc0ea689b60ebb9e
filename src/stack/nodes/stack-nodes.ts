import type { NodeRegistry, NodeStatus, Nodes } from "../../core/ports/nodes.ts"
import { nodeRestarts } from "../../observability/metric-catalog.ts"
import { type MetricFamily, prometheusText, sumFamilies } from "../../observability/metric-family.ts"
import { systemTime, type Timers, withTimeout } from "../../runtime/time.ts"
import type { Heartbeat } from "./heartbeat.ts"
import type { SavedCounters } from "./saved-counters.ts"

/** How long an answer waits for the registry. Prometheus waits a second for the answer. */
const BEAT_MAX_MS = 300

export interface StackNodesOptions {
  heartbeat: Heartbeat
  savedCounters: SavedCounters
  registry: NodeRegistry
  /** The metrics of the store and of its ledger. */
  storeMetrics(): Promise<MetricFamily[]>
  timers?: Timers | undefined
}

/** The replicas of a stack. No process supervises them: each knows the others by what they publish in the registry. */
export class StackNodes implements Nodes {
  readonly hasDrills = false

  constructor(private readonly options: StackNodesOptions) {}

  /** Publishes first, so that two replicas that are asked one after the other do not contradict each other. */
  async nodes(): Promise<NodeStatus[]> {
    await this.#beat()
    return this.options.heartbeat.nodes()
  }

  async kill(): Promise<boolean> {
    return false
  }

  async drain(): Promise<boolean> {
    return false
  }

  /** Exports only counts that are saved, unless the store is away. Otherwise a kill would make the counters go back. */
  async metrics(): Promise<string> {
    const { savedCounters } = this.options
    await this.#beat()
    return prometheusText([...savedCounters.exported(), ...savedCounters.processMetrics()])
  }

  async allMetrics(): Promise<string> {
    const { heartbeat, registry, storeMetrics } = this.options
    await heartbeat.beat()
    const counters = (await registry.allCounters()).map(text => JSON.parse(text) as MetricFamily[])
    return prometheusText([...sumFamilies(counters), nodeRestarts(heartbeat.nodes()), ...(await storeMetrics())])
  }

  /** Resolves after a while even if the registry does not answer. */
  async #beat(): Promise<void> {
    const { heartbeat, timers = systemTime } = this.options
    await withTimeout(BEAT_MAX_MS, heartbeat.beat(), timers).catch(() => {})
  }
}
