import type { Job } from "./job.ts"

export interface Watcher {
  /** No further job begins. */
  isStopped(): boolean
  started(job: Job): void
  finished(job: Job): void
}

/** Runs jobs in their order, as many side by side as there are lanes. */
export async function runInLanes(jobs: readonly Job[], lanes: number, watcher: Watcher): Promise<void> {
  const waiting = [...jobs]
  const lane = async () => {
    for (let job = waiting.shift(); job && !watcher.isStopped(); job = waiting.shift()) {
      watcher.started(job)
      await job.run()
      watcher.finished(job)
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}
