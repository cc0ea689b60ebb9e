import type { Head } from "../../core/ports/hot-inventory.ts"
import type { Millis, NewSale } from "../../core/sale.ts"
import type { Log } from "../../observability/log.ts"
import type { Conflicts } from "./conflicts.ts"
import { type LedgerWriterOptions, writeToLedger } from "./ledger-writer.ts"
import { type Cursors, Recovery } from "./recovery.ts"

/** The pause when there is nothing to do. A store that tells of changes ends it. */
const IDLE_MS = 1000
/** The same with a store that does not tell: how late a fact reaches the ledger and a closed gate is noticed. */
const ASK_EVERY_MS = 100

export interface LeaderWorkOptions extends LedgerWriterOptions {
  conflicts: Conflicts
  log: Log
  /** The sale to create if store and ledger are both empty. */
  firstSale?: NewSale | undefined
}

/** The leader's work, in bounded steps. Each step recovers sales whose gate is closed, then writes facts to the ledger. */
export class LeaderWork {
  readonly #recovery: Recovery
  /** Read from the ledger again after every failure, because an interrupted write may have taken effect. */
  #cursors: Cursors | undefined

  constructor(
    private readonly options: LeaderWorkOptions,
    private readonly lost: AbortSignal,
  ) {
    this.#recovery = new Recovery(options, lost)
  }

  /** Returns the pause before the next step. */
  async step(): Promise<Millis> {
    try {
      return await this.#step()
    } catch (error) {
      this.#cursors = undefined
      throw error
    }
  }

  async #step(): Promise<Millis> {
    this.#cursors ??= await this.#readCursors()
    const cursors = this.#cursors
    const heads = await this.options.inventory.heads()
    this.lost.throwIfAborted()
    if (this.#recovery.isDue(heads, cursors)) {
      if (await this.#recovery.run(heads, cursors)) return 0
    } else if (heads.sales.length === 0 && cursors.size === 0) await this.#createFirstSale()
    let isBehind = false
    for (const head of heads.sales) if (head.isOpen && (await this.#write(head, cursors))) isBehind = true
    await this.#pauseFailedSales()
    if (isBehind) return 0
    return this.options.inventory.onNews ? IDLE_MS : ASK_EVERY_MS
  }

  /** Resolves to whether the sale has more facts than one step writes. */
  async #write(head: Head, cursors: Cursors): Promise<boolean> {
    const { saleId, seq, epoch, ledgerSeq } = head
    const cursor = cursors.get(saleId) ?? { saleId, seq: 0, hash: "", epoch }
    if (cursor.seq >= seq && ledgerSeq >= seq) return false
    const { conflicts } = this.options
    const after = await conflicts.guard(saleId, () => writeToLedger(this.options, head, cursor, epoch, this.lost))
    if (after) cursors.set(saleId, after)
    return after !== undefined && after.seq < seq
  }

  /** If one fact of a sale does not add up, anything else may be wrong with it: it is paused until a person has looked. */
  async #pauseFailedSales(): Promise<void> {
    const { conservation, inventory, log } = this.options
    for (const { saleId, seq, kind } of conservation.failed) {
      log.fatal({ sale: saleId, seq, kind }, "a fact does not add up; pausing the sale")
      await inventory.decide([{ kind: "pause", saleId }])
      conservation.settle(saleId)
    }
  }

  async #createFirstSale(): Promise<void> {
    const { inventory, firstSale } = this.options
    if (firstSale) await inventory.decide([{ kind: "create", sale: firstSale }])
  }

  async #readCursors(): Promise<Cursors> {
    const { ledger, conservation } = this.options
    const cursors = await ledger.cursors()
    conservation.reset(await ledger.sales())
    return new Map(cursors.map(cursor => [cursor.saleId, cursor]))
  }
}
