import type { Leadership, Ledger } from "../../core/ports/ledger.ts"
import type { Millis } from "../../core/sale.ts"
import type { Log } from "../../observability/log.ts"
import { aborted, type Timers } from "../../runtime/time.ts"
import { RetryLoop } from "./retry-loop.ts"

/** How often a follower asks whether it can lead. */
const FOLLOW_MS = 500

export interface LeaderElectionOptions {
  ledger: Ledger
  /** Throws if this worker must not lead, although it could. */
  beforeLead(): Promise<void>
  /** Makes the loops that only the leader runs. `lost` is aborted when another worker may lead. */
  work(lost: AbortSignal): RetryLoop[]
  log: Log
  timers?: Timers | undefined
}

/** Any number of workers may run. One of them leads and runs the leader's work, until it stops or loses the lead. */
export class LeaderElection implements AsyncDisposable {
  readonly #loop: RetryLoop
  #isLeading = false
  #isDecided = false
  #givenUp = new AbortController()

  constructor(private readonly options: LeaderElectionOptions) {
    const { log, timers } = options
    const step = (healthy: () => void, stopping: AbortSignal) => this.#step(healthy, stopping)
    this.#loop = new RetryLoop({ name: "leader election", step, log, timers })
  }

  start(): void {
    this.#loop.start()
  }

  /** Why the election fails; undefined while it works. */
  get fault(): string | undefined {
    return this.#loop.fault
  }

  get isLeading(): boolean {
    return this.#isLeading
  }

  /** Whether this worker has found out yet if it leads. */
  get isDecided(): boolean {
    return this.#isDecided
  }

  /** Ends the leader's work, and tries to lead again. */
  giveUp(): void {
    this.#givenUp.abort()
  }

  /** Ends the leader's work, then lets another worker lead. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#loop[Symbol.asyncDispose]()
  }

  async #step(healthy: () => void, stopping: AbortSignal): Promise<Millis> {
    await using leadership = await this.options.ledger.tryLead()
    this.#isDecided = true
    if (!leadership) return FOLLOW_MS
    await this.options.beforeLead()
    healthy()
    await this.#lead(leadership, stopping)
    return 0
  }

  async #lead({ lost }: Leadership, stopping: AbortSignal): Promise<void> {
    const { work, log } = this.options
    log.info("this worker leads")
    this.#isLeading = true
    this.#givenUp = new AbortController()
    const loops = work(lost)
    for (const loop of loops) loop.start()
    await aborted(AbortSignal.any([lost, stopping, this.#givenUp.signal]))
    await Promise.all(loops.map(loop => loop[Symbol.asyncDispose]()))
    this.#isLeading = false
    log.info(lost.aborted ? "this worker has lost the lead" : "this worker gives up the lead")
  }
}
