import { createdSeq, type Order } from "../../core/order.ts"
import type { Head, Heads } from "../../core/ports/hot-inventory.ts"
import { type Cursor, LedgerFault } from "../../core/ports/ledger.ts"
import type { Log } from "../../observability/log.ts"
import type { Conflicts } from "./conflicts.ts"
import { type DrainOptions, drain } from "./ledger-writer.ts"

/** Orders in one piece of a rebuilt sale. */
const REBUILD_BATCH = 1000

/** How far the ledger has each sale, as the leader knows it. */
export type Cursors = Map<string, Cursor>

/**
 * Compares a store that has begun anew with the ledger, sale by sale, brings the one that is behind up to the other,
 * and opens the gates. Whatever cannot be explained stays closed.
 */
export class Recovery {
  constructor(
    private readonly options: DrainOptions & { conflicts: Conflicts; log: Log },
    private readonly lost: AbortSignal,
  ) {}

  /** Whether a gate is closed, or a sale of the ledger is missing in the store. */
  isDue(heads: Heads, cursors: Cursors): boolean {
    return !heads.isOpen || heads.sales.some(({ isOpen }) => !isOpen) || missing(heads, cursors).length > 0
  }

  /** One pass over what is due. Returns whether another may get further at once. */
  async run(heads: Heads, cursors: Cursors): Promise<boolean> {
    const closed = heads.sales.filter(({ isOpen }) => !isOpen)
    const lacking = missing(heads, cursors)
    let isFurther = false
    const { conflicts } = this.options
    for (const head of closed) {
      if (await conflicts.guard(head.saleId, () => this.#reconcile(head, cursors))) isFurther = true
    }
    for (const { saleId } of lacking) {
      if (await conflicts.guard(saleId, () => this.#rebuild(saleId, cursors))) isFurther = true
    }
    if (heads.isOpen || lacking.length > 0) return isFurther
    await this.options.inventory.openList()
    this.options.log.info("the list of sales is open")
    return true
  }

  /** What the store holds more goes to the ledger; what it holds less comes from there. */
  async #reconcile(head: Head, cursors: Cursors): Promise<boolean> {
    const { saleId } = head
    let cursor = cursors.get(saleId) ?? { saleId, seq: 0, hash: "", epoch: 0 }
    if (cursor.seq > head.seq) {
      await this.#assertPrefix(head)
      return this.#rebuild(saleId, cursors, head)
    }
    while (cursor.seq < head.seq) {
      const before = cursor.seq
      // The fence may be further than the gate that was to follow it.
      cursor = await drain(this.options, head, cursor, Math.max(head.epoch, cursor.epoch), this.lost)
      cursors.set(saleId, cursor)
      if (cursor.seq === before) throw new LedgerFault("conflict", `${saleId}: the store lacks fact ${before + 1}.`)
    }
    if (cursor.hash !== head.hash) {
      throw new LedgerFault("conflict", `${saleId}: store and ledger hold different facts ${head.seq}.`)
    }
    return this.#open(head, cursor, cursors)
  }

  /** False when the sale has moved on: whoever moved it says where it stands now. */
  async #open(head: Head, cursor: Cursor, cursors: Cursors): Promise<boolean> {
    const { inventory, ledger, log } = this.options
    const { saleId, number, seq } = head
    const next = await inventory.nextEpoch(head)
    // The process that the ledger knows still runs, or nobody may follow it in its epoch.
    const goesOn = next === head.epoch && next === cursor.epoch
    const epoch = goesOn ? next : Math.max(next, cursor.epoch + 1)
    this.lost.throwIfAborted()
    if (!goesOn) await ledger.fence({ id: saleId, number }, epoch)
    cursors.set(saleId, { ...cursor, epoch })
    this.lost.throwIfAborted()
    const isOpen = await inventory.open(head, epoch)
    if (isOpen) log.info({ sale: saleId, seq, epoch }, "the gate is open")
    return isOpen
  }

  /** A store that has lost its last facts may be made anew; one that holds others may not. */
  async #assertPrefix({ saleId, seq, hash }: Head): Promise<void> {
    if (seq === 0) return
    const [fact] = await this.options.ledger.facts(saleId, seq - 1, 1)
    if (fact?.hash === hash) return
    throw new LedgerFault("conflict", `${saleId}: store and ledger hold different facts ${seq}.`)
  }

  /** The gate opens at the next pass, which finds store and ledger equal. */
  async #rebuild(saleId: string, cursors: Cursors, head?: Head): Promise<boolean> {
    const { inventory, ledger, log } = this.options
    const cursor = cursors.get(saleId)!
    const { number } = (await ledger.sales()).find(({ id }) => id === saleId)!
    const lost = { ...cursor, number, drained: cursor.seq, isOpen: false }
    const epoch = Math.max(await inventory.nextEpoch(head ?? lost), cursor.epoch + 1)
    this.lost.throwIfAborted()
    // No writer of an earlier epoch may add to the ledger what the rebuilt store would lack.
    await ledger.fence({ id: saleId, number }, epoch)
    const sale = (await ledger.sales()).find(({ id }) => id === saleId)!
    cursors.set(saleId, { saleId, seq: sale.seq, hash: sale.hash, epoch })
    await inventory.rebuild(sale, epoch, this.#orders(saleId))
    log.warn({ sale: saleId, seq: sale.seq, epoch }, "the sale was rebuilt from the ledger")
    return true
  }

  async *#orders(saleId: string): AsyncIterable<Order[]> {
    let after = 0
    for (;;) {
      const orders = await this.options.ledger.orders(saleId, after, REBUILD_BATCH)
      this.lost.throwIfAborted()
      if (orders.length > 0) yield orders
      if (orders.length < REBUILD_BATCH) return
      after = createdSeq(orders.at(-1)!)
    }
  }
}

/** Sales of which the ledger holds facts, and the store nothing. */
function missing(heads: Heads, cursors: Cursors): Cursor[] {
  const known = new Set(heads.sales.map(({ saleId }) => saleId))
  return [...cursors.values()].filter(({ saleId, seq }) => seq > 0 && !known.has(saleId))
}
