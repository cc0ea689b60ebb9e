import type { Head } from "../../core/ports/hot-inventory.ts"
import type { Millis, NewSale } from "../../core/sale.ts"
import type { Log } from "../../observability/log.ts"
import type { Conflicts } from "./conflicts.ts"
import { type DrainOptions, drain } from "./ledger-writer.ts"
import { type Cursors, Recovery } from "./recovery.ts"

/** With nothing to do: how late a fact reaches the ledger, and a closed gate is noticed. */
const IDLE_MS = 100

export interface LeaderLoopOptions extends DrainOptions {
  conflicts: Conflicts
  log: Log
  /** What a store and a ledger that are both empty begin to sell. */
  firstSale?: NewSale
}

/** What the leader does, one bounded step after the other: first the gates, then the facts. */
export class LeaderLoop {
  readonly #recovery: Recovery
  /** Read from the ledger after every failure: what was under way then may have taken effect. */
  #cursors: Cursors | undefined

  constructor(
    private readonly options: LeaderLoopOptions,
    private readonly lost: AbortSignal,
  ) {
    this.#recovery = new Recovery(options, lost)
  }

  /** Returns how long to rest. */
  async step(): Promise<Millis> {
    try {
      return await this.#step()
    } catch (error) {
      this.#cursors = undefined
      throw error
    }
  }

  async #step(): Promise<Millis> {
    const cursors = await this.#known()
    const heads = await this.options.inventory.heads()
    this.lost.throwIfAborted()
    if (this.#recovery.isDue(heads, cursors)) {
      if (await this.#recovery.run(heads, cursors)) return 0
    } else if (heads.sales.length === 0 && cursors.size === 0) await this.#begin()
    let isBehind = false
    for (const head of heads.sales) if (head.isOpen && (await this.#drain(head, cursors))) isBehind = true
    await this.#stopUnsound()
    return isBehind ? 0 : IDLE_MS
  }

  /** Whether the sale has more facts than a step takes. */
  async #drain(head: Head, cursors: Cursors): Promise<boolean> {
    const { saleId, seq, epoch, drained } = head
    const cursor = cursors.get(saleId) ?? { saleId, seq: 0, hash: "", epoch }
    if (cursor.seq >= seq && drained >= seq) return false
    const after = await this.options.conflicts.guard(saleId, () => drain(this.options, head, cursor, epoch, this.lost))
    if (after) cursors.set(saleId, after)
    return after !== undefined && after.seq < seq
  }

  /** It cannot be known what else is wrong with a sale whose units do not add up: nobody buys until a person has looked. */
  async #stopUnsound(): Promise<void> {
    const { books, inventory, log } = this.options
    for (const { saleId, seq, kind } of books.unsound) {
      log.fatal({ sale: saleId, seq, kind }, "a fact does not add up, the sale is paused")
      await inventory.decide([{ kind: "pause", saleId }])
      books.seenTo(saleId)
    }
  }

  async #begin(): Promise<void> {
    const { inventory, firstSale } = this.options
    if (firstSale) await inventory.decide([{ kind: "create", sale: firstSale }])
  }

  async #known(): Promise<Cursors> {
    if (this.#cursors) return this.#cursors
    const cursors = await this.options.ledger.cursors()
    this.options.books.begin(await this.options.ledger.sales())
    this.#cursors = new Map(cursors.map(cursor => [cursor.saleId, cursor]))
    return this.#cursors
  }
}
