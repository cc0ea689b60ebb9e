import { merge } from "../observability/merge.ts"
import { isCounted, type Series } from "../observability/series.ts"
import { render } from "../observability/text.ts"
import { withTimeout } from "../runtime/time.ts"
import type { Port, ToReplica } from "./ipc/messages.ts"

/** How long a scrape waits for a replica; one that is hung is shown as it last was. */
const COLLECT_MAX_MS = 300

interface Report {
  nodeId: string
  series: Series[]
}

/**
 * The series of all replicas. What an ended process had counted stays in its node's sums, so that a counter never
 * goes back when a replica is replaced.
 */
export class ReplicaSeries {
  own: Series[] = []
  readonly #live = new Map<Port<ToReplica>, Report>()
  readonly #ended = new Map<string, Series[]>()
  readonly #awaited = new Map<number, () => void>()
  #lastId = 0

  /** Asks every replica for its series and waits, but not for long. */
  async collect(ports: Port<ToReplica>[]): Promise<void> {
    const ids: number[] = []
    const asked = ports.map(port => {
      const id = ++this.#lastId
      ids.push(id)
      return new Promise<void>(done => {
        this.#awaited.set(id, done)
        port.send({ type: "report", id })
      })
    })
    await withTimeout(COLLECT_MAX_MS, Promise.all(asked))
    for (const id of ids) this.#awaited.delete(id)
  }

  take(nodeId: string, port: Port<ToReplica>, { id, series }: { id?: number; series: Series[] }): void {
    this.#live.set(port, { nodeId, series })
    if (id !== undefined) this.#awaited.get(id)?.()
  }

  retire(nodeId: string, port: Port<ToReplica>): void {
    const last = this.#live.get(port)
    this.#live.delete(port)
    if (!last) return
    const counted = last.series.filter(isCounted)
    this.#ended.set(nodeId, merge([this.#ended.get(nodeId) ?? [], counted]))
  }

  render(): string {
    const live = [...this.#live.values()].map(({ series }) => series)
    return render(merge([this.own, ...this.#ended.values(), ...live]))
  }
}
