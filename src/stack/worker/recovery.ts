import { createdSeq, type Order } from "../../core/order.ts"
import type { Head, Heads } from "../../core/ports/hot-inventory.ts"
import { type Cursor, LedgerFault } from "../../core/ports/ledger.ts"
import type { Sale } from "../../core/sale.ts"
import type { Log } from "../../observability/log.ts"
import type { Conflicts } from "./conflicts.ts"
import { type LedgerWriterOptions, writeToLedger } from "./ledger-writer.ts"

/** Orders that are read at a time when a sale is rebuilt. */
const REBUILD_ORDERS_MAX = 1000

/** How far the ledger has each sale, as the leader knows it. */
export type Cursors = Map<string, Cursor>

/**
 * Compares a store that has restarted with the ledger, sale by sale: brings the one that is behind up to the other, then
 * opens the sale's gate. The gate of a sale whose state cannot be explained stays closed.
 */
export class Recovery {
  constructor(
    private readonly options: LedgerWriterOptions & { conflicts: Conflicts; log: Log },
    private readonly lost: AbortSignal,
  ) {}

  /** Whether a gate is closed or the store lacks a sale that the ledger has. */
  isDue(heads: Heads, cursors: Cursors): boolean {
    return !heads.isOpen || heads.sales.some(({ isOpen }) => !isOpen) || missing(heads, cursors).length > 0
  }

  /** Makes one pass over all sales. Resolves to whether another pass may get further at once. */
  async run(heads: Heads, cursors: Cursors): Promise<boolean> {
    const closed = heads.sales.filter(({ isOpen }) => !isOpen)
    const lacking = missing(heads, cursors)
    let hasProgress = false
    const { conflicts } = this.options
    for (const head of closed) {
      if (await conflicts.guard(head.saleId, () => this.#reconcile(head, cursors))) hasProgress = true
    }
    for (const cursor of lacking) {
      if (await conflicts.guard(cursor.saleId, () => this.#rebuild(cursor, cursors))) hasProgress = true
    }
    if (heads.isOpen || lacking.length > 0) return hasProgress
    await this.options.inventory.openList()
    this.options.log.info("the list of sales is open")
    return true
  }

  /** Facts that only the store has go to the ledger. A store that lacks facts of the ledger is rebuilt from it. */
  async #reconcile(head: Head, cursors: Cursors): Promise<boolean> {
    const { saleId } = head
    let cursor = cursors.get(saleId) ?? { saleId, seq: 0, hash: "", epoch: 0 }
    if (cursor.seq > head.seq) {
      await this.#assertPrefix(head)
      return this.#rebuild(cursor, cursors, head)
    }
    while (cursor.seq < head.seq) {
      const before = cursor.seq
      // The last worker may have raised the ledger's epoch and ended before it opened the gate with it.
      cursor = await writeToLedger(this.options, head, cursor, Math.max(head.epoch, cursor.epoch), this.lost)
      cursors.set(saleId, cursor)
      if (cursor.seq === before) throw new LedgerFault("conflict", `${saleId}: the store lacks fact ${before + 1}.`)
    }
    if (cursor.hash !== head.hash) {
      throw new LedgerFault("conflict", `${saleId}: store and ledger hold different facts ${head.seq}.`)
    }
    return this.#open(head, cursor, cursors)
  }

  /** Resolves to false if the sale has changed since `head` was read; then the next pass reads it again. */
  async #open(head: Head, cursor: Cursor, cursors: Cursors): Promise<boolean> {
    const { inventory, ledger, log } = this.options
    const { saleId, number, seq } = head
    const next = await inventory.nextEpoch(head)
    // Only the process that the ledger knows may continue in its epoch.
    const isSameProcess = next === head.epoch && next === cursor.epoch
    const epoch = isSameProcess ? next : Math.max(next, cursor.epoch + 1)
    this.lost.throwIfAborted()
    if (!isSameProcess) await ledger.fence({ id: saleId, number }, epoch)
    cursors.set(saleId, { ...cursor, epoch })
    this.lost.throwIfAborted()
    const isOpen = await inventory.open(head, epoch)
    if (isOpen) log.info({ sale: saleId, seq, epoch }, "the gate is open")
    return isOpen
  }

  /** A store that has lost its last facts may be rebuilt; one that has other facts than the ledger may not. */
  async #assertPrefix({ saleId, seq, hash }: Head): Promise<void> {
    if (seq === 0) return
    const [fact] = await this.options.ledger.facts(saleId, seq - 1, 1)
    if (fact?.hash === hash) return
    throw new LedgerFault("conflict", `${saleId}: store and ledger hold different facts ${seq}.`)
  }

  /** The gate opens in the next pass, which finds store and ledger equal. */
  async #rebuild(cursor: Cursor, cursors: Cursors, head?: Head): Promise<boolean> {
    const { inventory, ledger, log } = this.options
    const { saleId } = cursor
    const { number } = await this.#saleInLedger(saleId)
    const missing = { ...cursor, number, ledgerSeq: cursor.seq, isOpen: false }
    const epoch = Math.max(await inventory.nextEpoch(head ?? missing), cursor.epoch + 1)
    this.lost.throwIfAborted()
    // From here no writer of an earlier epoch can add facts to the ledger that the rebuilt store would lack.
    await ledger.fence({ id: saleId, number }, epoch)
    const sale = await this.#saleInLedger(saleId)
    cursors.set(saleId, { saleId, seq: sale.seq, hash: sale.hash, epoch })
    await inventory.rebuild(sale, epoch, this.#orders(saleId), await ledger.commandKeys(saleId))
    log.warn({ sale: saleId, seq: sale.seq, epoch }, "the sale was rebuilt from the ledger")
    return true
  }

  async #saleInLedger(saleId: string): Promise<Sale> {
    const sale = (await this.options.ledger.sales()).find(({ id }) => id === saleId)
    if (!sale) throw new LedgerFault("conflict", `${saleId}: the ledger has a cursor of it, but not the sale.`)
    return sale
  }

  async *#orders(saleId: string): AsyncIterable<Order[]> {
    let after = 0
    for (;;) {
      const orders = await this.options.ledger.orders(saleId, after, REBUILD_ORDERS_MAX)
      this.lost.throwIfAborted()
      const last = orders.at(-1)
      if (!last) return
      yield orders
      after = createdSeq(last)
    }
  }
}

/** Sales of which the ledger has facts and the store has nothing. */
function missing(heads: Heads, cursors: Cursors): Cursor[] {
  const known = new Set(heads.sales.map(({ saleId }) => saleId))
  return [...cursors.values()].filter(({ saleId, seq }) => seq > 0 && !known.has(saleId))
}
