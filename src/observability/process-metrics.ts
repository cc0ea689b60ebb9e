import { counter, gauge, type Series } from "./metric-family.ts"

/** A timer that is due this often shows how long the event loop was busy with something else. */
const LAG_EVERY_MS = 500

/** The process itself. */
export class ProcessSeries {
  #lateMs = 0

  constructor() {
    let due = performance.now() + LAG_EVERY_MS
    setInterval(() => {
      const now = performance.now()
      this.#lateMs = Math.max(0, now - due)
      due = now + LAG_EVERY_MS
    }, LAG_EVERY_MS).unref()
  }

  series(): Series[] {
    const { user, system } = process.cpuUsage()
    return [
      counter("process_cpu_seconds_total", "Processor time, user and system.", (user + system) / 1e6),
      gauge("process_resident_memory_bytes", "Memory of the process.", process.memoryUsage.rss()),
      gauge("process_start_time_seconds", "When the process began, since 1970.", performance.timeOrigin / 1000),
      gauge("nodejs_eventloop_lag_seconds", "How late the last timer was.", this.#lateMs / 1000),
    ]
  }
}
