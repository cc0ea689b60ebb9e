import type { HotInventory } from "../../core/ports/hot-inventory.ts"
import type { Ledger } from "../../core/ports/ledger.ts"
import type { NewSale } from "../../core/sale.ts"
import type { Log } from "../../observability/log.ts"
import type { Series } from "../../observability/metric-family.ts"
import type { Tracer } from "../../observability/tracing.ts"
import { Conflicts } from "./conflicts.ts"
import { ConservationCheck } from "./conservation-check.ts"
import { expire } from "./expire.ts"
import { electLeader, type LeaderElection } from "./leader-election.ts"
import { LeaderLoop } from "./leader-work.ts"
import { type Loop, loop } from "./retry-loop.ts"
import { measure } from "./store-metrics.ts"

export interface WorkerOptions {
  inventory: HotInventory
  ledger: Ledger
  tracer: Tracer
  log: Log
  /** What a store and a ledger that are both empty begin to sell. */
  firstSale?: NewSale
}

/** Everything that is done beside the sale: the journal is drained, holds expire, gates open. */
export class Worker {
  readonly #books = new ConservationCheck()
  readonly #conflicts: Conflicts
  readonly #contest: LeaderElection
  /** Every worker's: one that is cut off from the ledger lets holds expire none the less. */
  readonly #expire: Loop
  #duties: Loop[] = []

  constructor(private readonly options: WorkerOptions) {
    const { inventory, ledger, log } = options
    this.#expire = expire(inventory, log)
    this.#conflicts = new Conflicts(log)
    this.#contest = electLeader(ledger, lost => this.#lead(lost), log)
  }

  /** Why the work does not get on, in one sentence; nothing while it does, or while another leads. */
  get obstacle(): string | undefined {
    const { fault, isDecided } = this.#contest
    if (!isDecided) return fault ?? "The worker has just begun."
    const duties = this.#contest.isLeading ? this.#duties : []
    return [this.#contest, ...duties, this.#expire].find(({ fault }) => fault !== undefined)?.fault
  }

  async series(): Promise<Series[]> {
    const { inventory, ledger } = this.options
    return measure(inventory, ledger, {
      isLeading: this.#contest.isLeading,
      violations: this.#books.violations,
      conflicts: this.#conflicts.reasons.map(([saleId]) => saleId),
    })
  }

  /** Finishes what is under way and lets another lead. */
  async stop(): Promise<void> {
    await Promise.all([this.#contest.stop(), this.#expire.stop()])
  }

  #lead(lost: AbortSignal): Loop[] {
    const { log } = this.options
    const duty = new LeaderLoop({ ...this.options, books: this.#books, conflicts: this.#conflicts }, lost)
    this.#duties = [loop("drain", () => duty.step(), log)]
    return this.#duties
  }
}
