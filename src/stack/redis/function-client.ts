import { InventoryFault } from "../../core/ports/inventory.ts"
import type { Millis } from "../../core/sale.ts"
import { ClockOffset } from "./clock-offset.ts"
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

/** Calls functions where their keys are. What certainly had no effect is repeated once; nothing else ever is. */
export class FunctionClient {
  /** The latest time that any node has told: each is told it, so that all sales have one clock. */
  #told: Millis = 0
  readonly #lead = new ClockOffset()
  #violations = 0

  constructor(
    readonly topology: Topology,
    private readonly options: FunctionClientOptions,
  ) {}

  /** Transitions that would have broken `free + held + sold = total`, and were not made. */
  get violations(): number {
    return this.#violations
  }

  /** A transition was refused for this; nothing of it was made. */
  countViolation(): void {
    this.#violations++
  }

  /** What this process takes the store's time to be. */
  now(): Millis {
    const { clock } = this.options
    if (clock) this.hear(clock())
    return clock ? this.#told : Math.max(this.#told, Date.now())
  }

  hear(now: Millis): void {
    this.#told = Math.max(this.#told, now)
    if (!this.options.clock) this.#lead.hear(now, Date.now(), performance.now())
  }

  /** When a call that this process gives up at `at` may no longer take effect, by the store's clock. */
  byStore(at: Millis): Millis {
    return this.#lead.byStore(at)
  }

  /** What a call that decides begins with; see `enter` in state.lua. */
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

  /** The process that decides about these keys. */
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

  /** What fails here has had no effect, like the call before it. */
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
