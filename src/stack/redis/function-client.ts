import { InventoryFault } from "../../core/ports/inventory.ts"
import type { Millis } from "../../core/sale.ts"
import type { Time } from "../../runtime/time.ts"
import type { Connection } from "./connect/connection.ts"
import { faultOf, isMissing, isMoved, isViolation } from "./connect/faults.ts"
import type { Topology } from "./connect/node.ts"
import type { Keys } from "./protocol/keys.ts"
import type { FunctionName } from "./protocol/library.ts"

export interface FunctionClientOptions {
  /** The most facts that the journal may hold and the ledger lack. Beyond that the store sells nothing. */
  journalFactsMax: number
  acknowledgements: number
  /** The most released orders that a sale may have. Beyond that it holds nothing more. */
  releasedOrdersMax: number
  /** A test's clock, instead of the store's own. */
  clock: (() => Millis) | undefined
  /** This process's clock and timers. */
  time: Time
}

/** The offset is taken from the fastest reply of this period and the one before it, because a reply can be late but never early. */
const OFFSET_PERIOD_MS = 10_000

/** How far the store's clock is ahead of this process's. The clocks of two machines never agree. */
class ClockOffset {
  #since = Number.NEGATIVE_INFINITY
  #best = Number.NEGATIVE_INFINITY
  #before = Number.NEGATIVE_INFINITY

  /** The store's clock read `theirs` in a reply that came at `ours`; `monotone` is this process's elapsed time. */
  learn(theirs: Millis, ours: Millis, monotone: number): void {
    if (monotone - this.#since > OFFSET_PERIOD_MS) {
      this.#before = this.#best
      this.#best = Number.NEGATIVE_INFINITY
      this.#since = monotone
    }
    this.#best = Math.max(this.#best, theirs - ours)
  }

  /** Converts a time of this process's clock into the store's. */
  byStore(at: Millis): Millis {
    const offset = Math.max(this.#best, this.#before)
    return Number.isFinite(offset) ? at + offset : at
  }
}

/**
 * Calls functions on the node that has their keys. A call is repeated, once, only if it certainly had no effect. All
 * methods that call the store reject with an `InventoryFault`.
 */
export class FunctionClient {
  /** The latest time in any node's reply. Every call carries it, so that all sales share one clock. */
  #latest: Millis = 0
  readonly #offset = new ClockOffset()
  #violations = 0

  constructor(
    readonly topology: Topology,
    private readonly options: FunctionClientOptions,
  ) {}

  /** This process's clock and timers. */
  get time(): Time {
    return this.options.time
  }

  /** How many transitions would have broken `free + held + sold = total`. The store applied none of them. */
  get violations(): number {
    return this.#violations
  }

  /** Counts a transition that the store refused for that reason. */
  countViolation(): void {
    this.#violations++
  }

  /** The store's time, as well as this process can estimate it. */
  now(): Millis {
    const { clock, time } = this.options
    if (clock) this.learnTime(clock())
    return clock ? this.#latest : Math.max(this.#latest, time.now())
  }

  /** `now` is the store's time in a reply that has just been read. */
  learnTime(now: Millis): void {
    this.#latest = Math.max(this.#latest, now)
    const { clock, time } = this.options
    if (!clock) this.#offset.learn(now, time.now(), time.monotonic())
  }

  /** Converts a time of this process, in milliseconds since 1970, into the store's. */
  byStore(at: Millis): Millis {
    return this.#offset.byStore(at)
  }

  /** The first argument of a call that decides; see `enter` in state.lua. */
  header(saleId: string, epoch: number): string {
    const { journalFactsMax, acknowledgements, releasedOrdersMax } = this.options
    const given = this.given()
    const writes = acknowledgements > 0 ? 1 : 0
    return `|${saleId}|${epoch}|${this.#latest}|${given}|${journalFactsMax}|${writes}|${releasedOrdersMax}`
  }

  /** The time of a test's clock; empty if the store uses its own. */
  given(): string {
    return this.options.clock ? String(this.now()) : ""
  }

  call(name: FunctionName, keys: Keys, args: readonly string[]): Promise<string[]> {
    return this.#repeatOnce(keys.tag, connection => connection.call(name, keys.all, args))
  }

  read(name: FunctionName, keys: Keys, args: readonly string[]): Promise<string[]> {
    return this.#repeatOnce(keys.tag, connection => connection.read(name, keys.all, args))
  }

  send(tag: string, ...command: string[]): Promise<unknown> {
    return this.#repeatOnce(tag, connection => connection.send(...command))
  }

  /** The run id of the server process that has these keys. */
  run(tag: string): string {
    return this.topology.node(tag).connection.run
  }

  async #repeatOnce<Value>(tag: string, attempt: (connection: Connection) => Promise<Value>): Promise<Value> {
    const { connection } = this.topology.node(tag)
    try {
      return await attempt(connection)
    } catch (error) {
      if (isViolation(error)) this.#violations++
      if (!isMissing(error) && !isMoved(error)) throw faultOf(error as Error)
      await this.#repair(connection, error as Error)
    }
    try {
      return await attempt(this.topology.node(tag).connection)
    } catch (error) {
      throw faultOf(error as Error)
    }
  }

  /** Loads missing functions, or refreshes the topology. Throws a certain fault: the failed call had no effect either. */
  async #repair(connection: Connection, error: Error): Promise<void> {
    try {
      await (isMissing(error) ? connection.load() : this.topology.refresh())
    } catch (second) {
      throw new InventoryFault(faultOf(second as Error).message, true)
    }
  }
}
