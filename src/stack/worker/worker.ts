import { type ClockStatus, clockObstacle } from "../../core/ports/clock.ts"
import type { HotInventory } from "../../core/ports/hot-inventory.ts"
import type { Ledger } from "../../core/ports/ledger.ts"
import type { Millis, NewSale } from "../../core/sale.ts"
import type { Proofs } from "../../http/proof/proofs.ts"
import { PROVE_EVERY_MS, Prover } from "../../http/proof/prover.ts"
import { ClockLog } from "../../observability/clock-log.ts"
import type { Log } from "../../observability/log.ts"
import type { MetricFamily } from "../../observability/metric-family.ts"
import type { Tracer } from "../../observability/tracer.ts"
import { systemTime, type Time } from "../../runtime/time.ts"
import { Conflicts } from "./conflicts.ts"
import { ConservationCheck } from "./conservation-check.ts"
import { LeaderElection } from "./leader-election.ts"
import { LeaderWork } from "./leader-work.ts"
import { Pairing } from "./pairing.ts"
import { RetryLoop } from "./retry-loop.ts"
import { collectStoreMetrics, workerMetrics } from "./store-metrics.ts"

/** How soon an expired hold is released while there are no purchases. */
const EXPIRE_EVERY_MS = 200
/** How often holds are looked for while there are none and the store tells of no change. */
const NOTHING_HELD_MS = 1000

export interface WorkerOptions {
  inventory: HotInventory
  ledger: Ledger
  tracer: Tracer
  log: Log
  /** The sale to create if store and ledger are both empty. */
  firstSale?: NewSale | undefined
  time?: Time | undefined
  /** Where the proofs of sales that have ended are kept. */
  proofs?: Proofs | undefined
}

/**
 * Does the work beside the sale: facts go to the ledger, gates open, holds expire. Every worker lets holds expire, also one
 * that is cut off from the ledger; the leader does the rest.
 */
export class Worker implements AsyncDisposable {
  readonly #conservation = new ConservationCheck()
  readonly #conflicts: Conflicts
  readonly #pairing: Pairing
  readonly #election: LeaderElection
  readonly #expiry: RetryLoop
  readonly #clockLog: ClockLog
  #clock: ClockStatus | undefined
  #leaderLoops: RetryLoop[] = []
  #ignoreNews: (() => void) | undefined

  constructor(private readonly options: WorkerOptions) {
    const { ledger, log, time } = options
    this.#clockLog = new ClockLog(log)
    this.#conflicts = new Conflicts(log, time)
    this.#expiry = new RetryLoop({ name: "expiry", step: () => this.#expire(), log, timers: time })
    this.#pairing = new Pairing(options)
    this.#election = new LeaderElection({
      ledger,
      beforeLead: () => this.#pairing.check(),
      work: lost => this.#makeLeaderLoops(lost),
      log,
      timers: time,
    })
  }

  start(): void {
    this.#expiry.start()
    this.#election.start()
    this.#ignoreNews = this.options.inventory.onNews?.(() => {
      this.#expiry.wake()
      for (const loop of this.#leaderLoops) loop.wake()
    })
  }

  /** One sentence that says why the work fails; undefined while it succeeds or another worker leads. */
  get obstacle(): string | undefined {
    const { fault, isDecided, isLeading } = this.#election
    if (!isDecided) return fault ?? "The worker has just begun."
    const loops = [this.#election, ...(isLeading ? this.#leaderLoops : []), this.#expiry]
    return loops.find(({ fault }) => fault !== undefined)?.fault ?? (this.#clock && clockObstacle(this.#clock))
  }

  async collectMetrics(): Promise<MetricFamily[]> {
    const { inventory, ledger, time = systemTime } = this.options
    const { mismatch } = this.#pairing
    const own = workerMetrics({
      isMismatched: mismatch !== undefined,
      isLeading: this.#election.isLeading,
      violations: this.#conservation.violations,
      conflicts: this.#conflicts.saleIds,
    })
    // The lag of a ledger behind the store of another system is no lag.
    return mismatch === undefined ? [...(await collectStoreMetrics(inventory, ledger, time)), ...own] : own
  }

  /** Finishes the steps that are under way, then lets another worker lead. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#ignoreNews?.()
    await Promise.all([this.#election[Symbol.asyncDispose](), this.#expiry[Symbol.asyncDispose]()])
  }

  /** Every call of the store, even an empty one, releases the holds whose time is up in the sales that it knows of. */
  async #expire(): Promise<Millis> {
    const { inventory } = this.options
    const sales = await inventory.sales()
    await inventory.decide([])
    this.#clock = await inventory.clock()
    this.#clockLog.note(this.#clock)
    const isAnyHeld = sales.some(({ items }) => items.some(({ held }) => held > 0))
    return isAnyHeld || !inventory.onNews ? EXPIRE_EVERY_MS : NOTHING_HELD_MS
  }

  /** Another store may have come in the place of the one before, at the same address. */
  async #lead(work: LeaderWork): Promise<Millis> {
    try {
      await this.#pairing.check()
    } catch (error) {
      if (this.#pairing.mismatch !== undefined) this.#election.giveUp()
      throw error
    }
    return work.step()
  }

  #makeLeaderLoops(lost: AbortSignal): RetryLoop[] {
    const { log, time } = this.options
    const work = new LeaderWork({ ...this.options, conservation: this.#conservation, conflicts: this.#conflicts }, lost)
    this.#leaderLoops = [new RetryLoop({ name: "ledger", step: () => this.#lead(work), log, timers: time })]
    const { proofs, ledger } = this.options
    if (proofs) {
      const prover = new Prover({ source: ledger, seals: ledger.seals, proofs, time: time ?? systemTime })
      const step = (_: () => void, stopping: AbortSignal) => prover.step(AbortSignal.any([stopping, lost]))
      this.#leaderLoops.push(new RetryLoop({ name: "proofs", step, log, timers: time, calledAfterMs: PROVE_EVERY_MS }))
    }
    return this.#leaderLoops
  }
}
