import { METRICS } from "../../observability/metric-catalog.ts"
import { isCumulative, type MetricFamily, sumFamilies } from "../../observability/metric-family.ts"
import type { ReplicaMetrics } from "../../observability/replica-metrics.ts"
import { type Clock, systemTime } from "../../runtime/time.ts"

/** Counters with this prefix outlive a process. Counters of the process itself restart with it, as everywhere. */
const SAVED_PREFIX = "flash_sale_"
/** Counters that do not change are saved again this often, in case the store was emptied. */
const SAVE_AGAIN_MS = 60_000

interface Snapshot {
  families: MetricFamily[]
  /** By the monotonic clock. */
  takenAt: number
}

/**
 * The counters of one node across its processes. They are not exported before the counts of earlier processes are loaded,
 * because Prometheus takes a counter that goes back, or jumps, for a reset.
 */
export class SavedCounters {
  #restarts = 0
  /** What earlier processes have counted; undefined until it is loaded. */
  #earlier: MetricFamily[] | undefined
  #savedText = ""
  #savedAt = Number.NEGATIVE_INFINITY
  #saving: Promise<unknown> = Promise.resolve()
  #exported: Snapshot = { families: [], takenAt: 0 }
  #hasSaveFailed = false

  constructor(
    private readonly metrics: ReplicaMetrics,
    private readonly nodeId: string,
    private readonly clock: Clock = systemTime,
  ) {}

  get restarts(): number {
    return this.#restarts
  }

  get isLoaded(): boolean {
    return this.#earlier !== undefined
  }

  /** `text` is what the earlier processes saved; undefined if there were none. */
  restore(text: string | undefined, restarts: number): void {
    this.#restarts = restarts
    this.#earlier = text === undefined ? [] : (JSON.parse(text) as MetricFamily[])
    this.#savedText = text ?? ""
  }

  /** Everything that this node has counted so far; nothing until the earlier counts are loaded. */
  counted(): MetricFamily[] {
    if (!this.#earlier) return []
    const own = this.metrics.collect().filter(family => family.name.startsWith(SAVED_PREFIX) && isCumulative(family))
    return sumFamilies([own, this.#earlier])
  }

  /** The metrics of this process, and how many processes came before it. */
  processMetrics(): MetricFamily[] {
    const own = this.metrics.collect().filter(({ name }) => !name.startsWith(SAVED_PREFIX))
    if (!this.#earlier) return own
    return [...own, METRICS.nodeRestarts([{ labels: { node: this.nodeId }, value: this.#restarts }])]
  }

  /** Calls `write` with the text of the counters if they have changed since the last save. Saves run one after another. */
  save(write: (changed: string | undefined) => Promise<void>): Promise<void> {
    const saving = this.#saving.then(() => this.#save(write))
    this.#saving = saving.catch(() => {})
    return saving
  }

  /** The counters as they were last saved or, while saving fails, as they are. They never go back. */
  exported(): MetricFamily[] {
    if (this.#hasSaveFailed) this.#export(this.#snapshot())
    return this.#exported.families
  }

  async #save(write: (changed: string | undefined) => Promise<void>): Promise<void> {
    const snapshot = this.#snapshot()
    const text = JSON.stringify(snapshot.families)
    const isOld = snapshot.takenAt - this.#savedAt > SAVE_AGAIN_MS
    const changed = this.isLoaded && (isOld || text !== this.#savedText) ? text : undefined
    try {
      await write(changed)
      this.#hasSaveFailed = false
    } catch (error) {
      this.#hasSaveFailed = true
      throw error
    }
    if (changed !== undefined) {
      this.#savedText = changed
      this.#savedAt = snapshot.takenAt
    }
    this.#export(snapshot)
  }

  #export(snapshot: Snapshot): void {
    if (snapshot.takenAt > this.#exported.takenAt) this.#exported = snapshot
  }

  #snapshot(): Snapshot {
    return { families: this.counted(), takenAt: this.clock.monotonic() }
  }
}
