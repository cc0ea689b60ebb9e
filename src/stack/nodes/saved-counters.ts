import { merge } from "../../observability/merge.ts"
import { counter, isCounted, type Series } from "../../observability/metric-family.ts"
import type { Metrics } from "../../observability/replica-metrics.ts"

/** What outlives a process. The process's own series begin anew with it, as everywhere. */
const OURS = "flash_sale_"

/** A store that was emptied has what nobody adds to any more again within this time. */
const AGAIN_MS = 60_000

/** What was counted at a moment of the monotonic clock. */
interface Snapshot {
  series: Series[]
  takenAt: number
}

/**
 * What the processes of one node's name have counted, one after the other. Nothing is shown before the earlier
 * processes' counts are known: a counter that went back, or jumped, would look like a reset to Prometheus.
 */
export class SavedCounters {
  restarts = 0
  #earlier: Series[] | undefined
  #saved = ""
  #writtenAt = Number.NEGATIVE_INFINITY
  #saving: Promise<unknown> = Promise.resolve()
  #shown: Snapshot = { series: [], takenAt: 0 }
  /** The last save failed: nobody can say when the next one will not. */
  #isLost = false

  constructor(
    private readonly metrics: Metrics,
    private readonly nodeId: string,
  ) {}

  get isReady(): boolean {
    return this.#earlier !== undefined
  }

  /** `counted`: what the earlier processes had saved. */
  begin(counted: string | undefined, restarts: number): void {
    this.restarts = restarts
    this.#earlier = counted === undefined ? [] : (JSON.parse(counted) as Series[])
    this.#saved = counted ?? ""
  }

  /** Everything counted under this name until now; nothing as long as the beginning is not known. */
  counted(): Series[] {
    if (!this.#earlier) return []
    const own = this.metrics.series().filter(series => series.name.startsWith(OURS) && isCounted(series))
    return merge([own, this.#earlier])
  }

  /** This process, and how many there were before it. */
  process(): Series[] {
    const own = this.metrics.series().filter(({ name }) => !name.startsWith(OURS))
    if (!this.#earlier) return own
    const value = [{ labels: { node: this.nodeId }, value: this.restarts }]
    return [...own, counter("flash_sale_node_restarts_total", "Processes that replaced another.", value)]
  }

  /** Hands `write` what has changed since it was last saved, or nothing. One save waits for the other. */
  save(write: (changed: string | undefined) => Promise<void>): Promise<void> {
    const saving = this.#saving.then(() => this.#save(write))
    this.#saving = saving.catch(() => {})
    return saving
  }

  /** What was saved last or, while nothing can be saved, what there is. It never shows less than before. */
  shown(): Series[] {
    if (this.#isLost) this.#show(this.#snapshot())
    return this.#shown.series
  }

  async #save(write: (changed: string | undefined) => Promise<void>): Promise<void> {
    const snapshot = this.#snapshot()
    const text = JSON.stringify(snapshot.series)
    const isOld = snapshot.takenAt - this.#writtenAt > AGAIN_MS
    const changed = this.isReady && (isOld || text !== this.#saved) ? text : undefined
    try {
      await write(changed)
      this.#isLost = false
    } catch (error) {
      this.#isLost = true
      throw error
    }
    if (changed !== undefined) {
      this.#saved = changed
      this.#writtenAt = snapshot.takenAt
    }
    this.#show(snapshot)
  }

  #show(snapshot: Snapshot): void {
    if (snapshot.takenAt > this.#shown.takenAt) this.#shown = snapshot
  }

  #snapshot(): Snapshot {
    return { series: this.counted(), takenAt: performance.now() }
  }
}
