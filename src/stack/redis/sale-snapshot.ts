import { CLOCK_JUMP_MS } from "../../core/ports/clock.ts"
import { type Checkout, isSoldOut, type Millis, type Sale } from "../../core/sale.ts"
import { sleep, type Time } from "../../runtime/time.ts"
import { keysOf } from "./protocol/keys.ts"
import { type Document, type SaleHead, saleOf } from "./protocol/sale-text.ts"

/** Added to a lease before it counts as over, because timers may fire a little early. */
export const MARGIN_MS = 10

/** A sale as the store last showed it to this process. An older reply never replaces a newer one. */
export class SaleSnapshot {
  readonly keys
  #document: { version: string; content: Document }
  #made: { head: SaleHead; content: Document; sale: Sale } | undefined
  #recallUntil = 0
  /** Whether the sale's gate was open in the last reply. */
  isOpen = false
  /** The ledger has the facts up to this one. */
  ledgerSeq = 0
  /** The store's time when it last showed the whole sale. */
  shownAt: Millis = 0

  constructor(
    readonly id: string,
    readonly number: number,
    private readonly leaseMs: number,
    public head: SaleHead,
    content: Document,
    private readonly time: Time,
  ) {
    this.keys = keysOf(id)
    this.#document = { version: head.version, content }
    // A process that has just started does not know how long ago the mark was set.
    if (head.recall) this.#startRecall()
  }

  get checkout(): Checkout {
    return this.#document.content.checkout
  }

  get epoch(): number {
    return this.head.epoch
  }

  /** The latest document that the store has sent, and its version. */
  get document(): { version: string; content: Document } {
    return this.#document
  }

  /** Undefined while head and document are of different versions. */
  get sale(): Sale | undefined {
    const { head } = this
    const { version, content } = this.#document
    if (version !== head.version) return undefined
    // Most readers ask again and again for a sale that has not changed.
    if (this.#made?.head !== head || this.#made.content !== content) {
      this.#made = { head, content, sale: saleOf(this.number, content, head) }
    }
    return this.#made.sale
  }

  get isSoldOut(): boolean {
    return this.head.items.every(isSoldOut)
  }

  /** Whether a call would release a hold, or shorten one that was made while the clock was ahead. */
  isDue(now: Millis): boolean {
    const { at, deadline, holdSeconds = 0 } = this.head
    if (deadline === undefined) return false
    return deadline <= now || (at > now + CLOCK_JUMP_MS && deadline > now + holdSeconds * 1000 + CLOCK_JUMP_MS)
  }

  learn(head: SaleHead): void {
    if (head.recall !== this.head.recall && head.recall) this.#startRecall()
    if (!this.isBeyond(head)) this.head = head
  }

  /** Keeps the document if the head has this version. */
  learnDocument(version: string, content: Document): void {
    if (version === this.head.version) this.#document = { version, content }
  }

  /** Whether this process knows a later state than this head. */
  isBeyond({ epoch, seq }: SaleHead): boolean {
    return epoch < this.head.epoch || (epoch === this.head.epoch && seq < this.head.seq)
  }

  learnEpoch(epoch: number): void {
    if (epoch > this.head.epoch) this.head = { ...this.head, epoch }
  }

  /** Resolves once no replica can refuse from a memory older than the recall mark: docs/decisions/0012. */
  async recallOver(): Promise<void> {
    for (;;) {
      const left = this.#recallUntil - this.time.monotonic()
      if (left <= 0) return
      await sleep(left, undefined, this.time)
    }
  }

  #startRecall(): void {
    this.#recallUntil = this.time.monotonic() + this.leaseMs + MARGIN_MS
  }
}
