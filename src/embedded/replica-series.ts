import { isCumulative, type MetricFamily, prometheusText, sumFamilies } from "../observability/metric-family.ts"
import { type Timers, withTimeout } from "../runtime/time.ts"
import type { Port, ToReplica } from "./ipc/protocol.ts"

/** How long a scrape waits for a replica. For one that hangs, the scrape uses its last series. */
const COLLECT_MAX_MS = 300

/** What one process has counted so far. */
interface Counted {
  nodeId: string
  series: MetricFamily[]
}

/**
 * The series of all replicas. The counts of an ended process stay in its node's sums, so that no counter decreases
 * when a replica is replaced.
 */
export class ReplicaSeries {
  readonly #live = new Map<Port<ToReplica>, Counted>()
  readonly #ended = new Map<string, MetricFamily[]>()
  readonly #awaited = new Map<number, () => void>()
  #lastId = 0

  constructor(private readonly timers: Timers) {}

  /** Asks these replicas for their series. Resolves when all have answered, or after `COLLECT_MAX_MS`. */
  async collect(ports: Port<ToReplica>[]): Promise<void> {
    const ids: number[] = []
    const answers = ports.map(port => {
      const id = ++this.#lastId
      ids.push(id)
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#awaited.set(id, resolve)
      port.send({ type: "collect", id })
      return promise
    })
    await withTimeout(COLLECT_MAX_MS, Promise.all(answers), this.timers)
    for (const id of ids) this.#awaited.delete(id)
  }

  update(nodeId: string, port: Port<ToReplica>, { id, series }: { id?: number; series: MetricFamily[] }): void {
    this.#live.set(port, { nodeId, series })
    if (id !== undefined) this.#awaited.get(id)?.()
  }

  /** The process has ended: adds its counts to its node's sums. */
  retire(port: Port<ToReplica>): void {
    const last = this.#live.get(port)
    this.#live.delete(port)
    if (!last) return
    const counted = last.series.filter(isCumulative)
    this.#ended.set(last.nodeId, sumFamilies([this.#ended.get(last.nodeId) ?? [], counted]))
  }

  /** All series in Prometheus' text format, merged with the supervisor's own. */
  render(own: MetricFamily[]): string {
    const live = [...this.#live.values()].map(({ series }) => series)
    return prometheusText(sumFamilies([own, ...this.#ended.values(), ...live]))
  }
}
