import { systemTime, type Time } from "../runtime/time.ts"
import { METRICS } from "./metric-catalog.ts"
import type { MetricFamily } from "./metric-family.ts"

/** How often a timer is due. How late it runs shows for how long other work kept the event loop busy. */
const LAG_EVERY_MS = 500

/** Processor time, memory and event loop lag of this process. */
export class ProcessMetrics implements Disposable {
  #timer: Disposable | undefined
  #lagMs = 0

  constructor(private readonly time: Time = systemTime) {}

  /** Begins to measure the event loop's lag; until then it is 0. */
  start(): void {
    let due = this.time.monotonic() + LAG_EVERY_MS
    this.#timer = this.time.every(LAG_EVERY_MS, () => {
      const now = this.time.monotonic()
      this.#lagMs = Math.max(0, now - due)
      due = now + LAG_EVERY_MS
    })
  }

  collect(): MetricFamily[] {
    const { user, system } = process.cpuUsage()
    return [
      METRICS.cpuSeconds((user + system) / 1e6),
      METRICS.residentMemory(process.memoryUsage.rss()),
      METRICS.startTime(performance.timeOrigin / 1000),
      METRICS.eventLoopLag(this.#lagMs / 1000),
    ]
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]()
  }
}
