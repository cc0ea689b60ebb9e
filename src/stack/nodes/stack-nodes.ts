import type { Fleet, NodeBoard, NodeStatus } from "../../core/ports/nodes.ts"
import { merge } from "../../observability/merge.ts"
import { counter, type Series } from "../../observability/series.ts"
import { render } from "../../observability/text.ts"
import { within } from "../../runtime/within.ts"
import type { Heart } from "./heartbeat.ts"
import type { Tally } from "./saved-counters.ts"

/** How long an answer waits for the store; Prometheus' own patience is a second. */
const SAVE_MAX_MS = 300

export interface StackFleetOptions {
  heart: Heart
  tally: Tally
  board: NodeBoard
  /** The series of the store and of the ledger beside it. */
  stores(): Promise<Series[]>
}

/** The replicas of a stack: each on its own, known to the others by what it writes into the store. */
export class StackFleet implements Fleet {
  readonly hasDrills = false

  constructor(private readonly options: StackFleetOptions) {}

  /** As the store has them now: two replicas that are asked one after the other do not contradict each other. */
  async nodes(): Promise<NodeStatus[]> {
    const { heart } = this.options
    await within(SAVE_MAX_MS, heart.beat()).catch(() => {})
    return heart.nodes()
  }

  async kill(): Promise<boolean> {
    return false
  }

  async drain(): Promise<boolean> {
    return false
  }

  /** Shows only what is saved, unless the store is away: otherwise a kill would make counters go back. */
  async metrics(): Promise<string> {
    const { heart, tally } = this.options
    await within(SAVE_MAX_MS, heart.beat())
    return render([...tally.shown(), ...tally.process()])
  }

  async allMetrics(): Promise<string> {
    const { heart, board, stores } = this.options
    await heart.beat()
    const counted = (await board.counted()).map(text => JSON.parse(text) as Series[])
    const restarts = heart.nodes().map(({ id, restarts }) => ({ labels: { node: id }, value: restarts }))
    return render([
      ...merge(counted),
      counter("flash_sale_node_restarts_total", "Processes that replaced another.", restarts),
      ...(await stores()),
    ])
  }
}
