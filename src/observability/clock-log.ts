import type { ClockStatus } from "../core/ports/clock.ts"
import type { Log } from "./log.ts"

/** Writes to the log when the store's clock falls into doubt, and when it is believed again. */
export class ClockLog {
  #wasInDoubt = false

  constructor(private readonly log: Pick<Log, "warn" | "info">) {}

  note({ isInDoubt, jumpMs }: ClockStatus): void {
    if (isInDoubt === this.#wasInDoubt) return
    this.#wasInDoubt = isInDoubt
    const jump = { jumpSeconds: jumpMs / 1000 }
    if (isInDoubt) this.log.warn(jump, "the store's clock jumped; sales wait until it has been steady for five seconds")
    else this.log.info(jump, "the store's clock is steady; sales, windows and holds follow it")
  }
}
