import { InventoryFault } from "../../core/ports/inventory.ts"
import type { Millis } from "../../core/sale.ts"
import type { Connection } from "./connect/connection.ts"
import { faultOf, isMissing, isMoved, isViolation } from "./connect/faults.ts"
import type { Topology } from "./connect/topology.ts"
import type { Keys } from "./protocol/keys.ts"
import type { FunctionName } from "./protocol/library.ts"

export interface FunctionClientOptions {
  /** Facts that the ledger lacks at most; beyond it nothing is sold. */
  journalFactsMax: number
  acknowledgements: number
  /** A test's clock, instead of the store's own. */
  clock?: () => Millis
}

/** A reply may be late, but never early: the reply that was least late in this time, or in the one before, is believed. */
const BELIEVED_MS = 10_000

/** How far the store's clock is ahead of this process's: the clocks of many machines never agree. */
class ClockOffset {
  #since = Number.NEGATIVE_INFINITY
  #best = Number.NEGATIVE_INFINITY
  #before = Number.NEGATIVE_INFINITY

  /** The store's clock said `theirs` in a reply that was read at `ours`; `monotone` is elapsed time of this process. */
  hear(theirs: Millis, ours: Millis, monotone: number): void {
    if (monotone - this.#since > BELIEVED_MS) {
      this.#before = this.#best
      this.#best = Number.NEGATIVE_INFINITY
      this.#since = monotone
    }
    this.#best = Math.max(this.#best, theirs - ours)
  }

  /** A time of this process's clock, by the store's. */
  byStore(at: Millis): Millis {
    const lead = Math.max(this.#best, this.#before)
    return Number.isFinite(lead) ? at + lead : at
  }
}

/** Calls functions on the node that has their keys. A call that certainly had no effect is repeated once, no other ever is. */
export class FunctionClient {
  /** The latest time in any node's reply. Every call passes it on, so that all sales have one clock. */
  #told: Millis = 0
  readonly #offset = new ClockOffset()
  #violations = 0

  constructor(
    readonly topology: Topology,
    private readonly options: FunctionClientOptions,
  ) {}

  /** How many transitions would have broken `free + held + sold = total`. None of them was made. */
  get violations(): number {
    return this.#violations
  }

  /** A transition was refused for this; nothing of it was made. */
  countViolation(): void {
    this.#violations++
  }

  /** The store's time, as far as this process can tell. */
  now(): Millis {
    const { clock } = this.options
    if (clock) this.hear(clock())
    return clock ? this.#told : Math.max(this.#told, Date.now())
  }

  hear(now: Millis): void {
    this.#told = Math.max(this.#told, now)
    if (!this.options.clock) this.#offset.hear(now, Date.now(), performance.now())
  }

  /** A time of this process, in milliseconds since 1970, by the store's clock. */
  byStore(at: Millis): Millis {
    return this.#offset.byStore(at)
  }

  /** The first argument of a call that decides; see `enter` in state.lua. */
  header(saleId: string, epoch: number): string {
    const { clock, journalFactsMax, acknowledgements } = this.options
    const given = clock ? this.now() : ""
    return `|${saleId}|${epoch}|${this.#told}|${given}|${journalFactsMax}|${acknowledgements > 0 ? 1 : 0}`
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

  /** The id of the process that decides about these keys. */
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
      await this.#mend(connection, error as Error)
    }
    try {
      return await attempt(this.topology.node(tag).connection)
    } catch (error) {
      throw faultOf(error as Error)
    }
  }

  /** Throws a fault that is certain: the call before it had no effect either. */
  async #mend(connection: Connection, error: Error): Promise<void> {
    try {
      await (isMissing(error) ? connection.load() : this.topology.refresh())
    } catch (second) {
      throw new InventoryFault(faultOf(second as Error).message, true)
    }
  }
}

export function isCertain(fault: unknown): boolean {
  return fault instanceof InventoryFault && fault.certain
}
