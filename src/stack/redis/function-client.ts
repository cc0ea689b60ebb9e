import { ClockWatch } from "../../core/clock-watch.ts"
import { CLOCK_JUMP_MS, type ClockStatus } from "../../core/ports/clock.ts"
import { InventoryFault } from "../../core/ports/inventory.ts"
import type { Millis } from "../../core/sale.ts"
import type { Clock, Time } from "../../runtime/time.ts"
import type { Connection } from "./connect/connection.ts"
import { faultOf, isMissing, isMoved, isViolation } from "./connect/faults.ts"
import type { Topology } from "./connect/node.ts"
import { type Keys, keysOf, LIST } from "./protocol/keys.ts"
import type { FunctionName } from "./protocol/library.ts"

/** The sale that a call decides about. */
export interface Deciding {
  id: string
  epoch: number
  keys: Keys
}

/** Converts a time of this process, by its elapsed time, into the store's. */
export type ByStore = (at: Millis) => Millis

/** A reply, and the connection on which the server may tell that it is no longer true. */
export interface Watched {
  reply: string[]
  connection: Connection
}

export interface FunctionClientOptions {
  /** The most facts that the journal may hold and the ledger lack. Beyond that the store sells nothing. */
  journalFactsMax: number
  acknowledgements: number
  /** The most released orders that a sale may have. Beyond that it holds nothing more. */
  releasedOrdersMax: number
  /** A test's clock, instead of the store's own. Its elapsed time is that of this process, too. */
  clock: Clock | undefined
  /** This process's clock and timers. */
  time: Time
}

/**
 * Calls functions on the node that has their keys. A call is repeated, once, only if it certainly had no effect. All
 * methods that call the store reject with an `InventoryFault`.
 */
export class FunctionClient {
  /** The latest time in any node's reply. Every call carries it, so that all sales share one clock. */
  #latest: Millis = 0
  /** The clock of each server process, by its run id: one that is promoted or restarted may have another clock. */
  readonly #clocks = new Map<string, ClockWatch>()
  readonly #clock: Clock
  #violations = 0

  constructor(
    readonly topology: Topology,
    private readonly options: FunctionClientOptions,
  ) {
    this.#clock = options.clock ?? options.time
  }

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

  /** The store's time, as well as this process can tell it by its own elapsed time. */
  now(): Millis {
    const current = this.#current()
    // While no server is connected, the last one's clock goes on as elapsed time does.
    const watches = current.length > 0 ? current : [...this.#clocks.values()].slice(-1)
    const offsets = watches.flatMap(({ offset }) => offset ?? [])
    if (offsets.length === 0) return Math.floor(this.#clock.now())
    const now = Math.floor(this.#clock.monotonic() + Math.max(...offsets))
    return this.#latest - now > CLOCK_JUMP_MS ? now : Math.max(this.#latest, now)
  }

  clock(): ClockStatus {
    const own = this.#clock.now()
    const elapsed = this.#clock.monotonic()
    const all = this.#current().map(watch => watch.status(own, elapsed))
    const jumped = all.findLast(({ isInDoubt }) => isInDoubt) ?? all.findLast(({ jumps }) => jumps > 0)
    return {
      jumps: all.reduce((sum, { jumps }) => sum + jumps, 0),
      jumpMs: jumped?.jumpMs ?? 0,
      isInDoubt: this.isInDoubt,
      aheadMs: all.at(-1)?.aheadMs ?? 0,
    }
  }

  /**
   * Calls a function that decides. `pack` makes its arguments after the header; it is given how to convert this process's elapsed
   * time into the store's time. Resolves to undefined if nothing was decided, because the store's clock is in doubt.
   */
  decide(name: FunctionName, sale: Deciding, pack: (byStore: ByStore) => string[]): Promise<string[] | undefined> {
    return this.#repeatOnce(sale.keys.tag, async connection => {
      const watch = this.#clockOf(connection)
      for (let attempt = 0; attempt < 2; attempt++) {
        const sent = this.#clock.monotonic()
        const { offset = 0 } = watch
        const args = [this.#header(sale, watch, sent), ...pack(at => Math.floor(at + offset))]
        const reply = await (name === "look"
          ? connection.read(name, sale.keys.all, args)
          : connection.call(name, sale.keys.all, args))
        if (reply[0] !== "clock") {
          if (reply[0] === "ok") this.#learn(watch, Number(reply[3]), sent)
          return reply
        }
        // The store decided nothing. Its reply shows the clock, so the call is repeated unless that is in doubt.
        const [, now, behind] = reply
        this.#learn(watch, Number(now), sent)
        if (Number(behind) > 0 && !watch.isSteady) watch.isBehind(Number(behind))
        if (watch.isInDoubt) return undefined
      }
      return undefined
    })
  }

  /** Reads a sale, its document unless it has this version, and the clock. */
  snapshot(saleId: string, version: string): Promise<Watched> {
    const keys = keysOf(saleId)
    return this.#repeatOnce(keys.tag, async connection => {
      const sent = this.#clock.monotonic()
      const reply = await connection.watch("snapshot", keys.all, ["", saleId, version, this.#given()])
      const now = reply[4]
      if (now !== undefined) this.#learn(this.#clockOf(connection), Number(now), sent)
      return { reply, connection }
    })
  }

  /** Reads the list of sales. */
  list(): Promise<Watched> {
    return this.#repeatOnce(LIST.tag, async connection => {
      return { reply: await connection.watch("list_sales", LIST.all, [""]), connection }
    })
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

  /** The first argument of a call that decides; see `enter` in state.lua. */
  #header({ id, epoch }: Deciding, { offset, isInDoubt, isSteady }: ClockWatch, sent: number): string {
    const { journalFactsMax, acknowledgements, releasedOrdersMax } = this.options
    const expected = offset === undefined || isInDoubt ? "" : Math.max(0, Math.floor(sent + offset))
    const clock = [this.#latest, this.#given(), expected, isSteady ? 1 : 0]
    return ["", id, epoch, ...clock, journalFactsMax, acknowledgements > 0 ? 1 : 0, releasedOrdersMax].join("|")
  }

  #given(): string {
    const { clock } = this.options
    return clock ? String(Math.floor(clock.now())) : ""
  }

  /** Whether the store decides nothing, because its clock has jumped. */
  get isInDoubt(): boolean {
    return this.#current().some(({ isInDoubt }) => isInDoubt)
  }

  /** The clocks of the servers that are connected now. */
  #current(): ClockWatch[] {
    const nodes = this.topology.nodes().filter(({ fault }) => fault === undefined)
    return nodes.flatMap(({ connection }) => this.#clocks.get(connection.run) ?? [])
  }

  #clockOf({ run }: Connection): ClockWatch {
    const known = this.#clocks.get(run)
    if (known) return known
    const watch = new ClockWatch()
    this.#clocks.set(run, watch)
    return watch
  }

  /** `now` is the store's time in a reply that has just been read. */
  #learn(watch: ClockWatch, now: Millis, sent: number): void {
    watch.learn(now, sent, this.#clock.monotonic())
    this.#latest = this.#latest - now > CLOCK_JUMP_MS ? now : Math.max(this.#latest, now)
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
