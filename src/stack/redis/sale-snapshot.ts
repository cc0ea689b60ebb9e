import { type Checkout, isSoldOut, type Millis, type Sale } from "../../core/sale.ts"
import { sleep } from "../../runtime/time.ts"
import { keysOf } from "./protocol/keys.ts"
import { type Document, type SaleHead, saleOf } from "./protocol/sale-text.ts"

/** Added to a lease before it is taken to be over: timers may fire a little early. */
const MARGIN_MS = 10

/** A sale as this process last heard of it. It never goes back. */
export class SaleSnapshot {
  readonly keys
  #document: { version: string; content: Document }
  #quietUntil = 0
  /** Whether the store decided, when it was last asked. */
  isOpen = false
  /** Facts up to this one are in the ledger. */
  drained = 0

  constructor(
    readonly id: string,
    readonly number: number,
    private readonly leaseMs: number,
    public head: SaleHead,
    content: Document,
  ) {
    this.keys = keysOf(id)
    this.#document = { version: head.version, content }
    // A process that has just started cannot tell how long ago the mark was set.
    if (head.recall) this.#hush()
  }

  get checkout(): Checkout {
    return this.#document.content.checkout
  }

  get epoch(): number {
    return this.head.epoch
  }

  /** The document that is at hand, and its version. */
  get document(): { version: string; content: Document } {
    return this.#document
  }

  /** Absent while head and document are not of the same moment. */
  get sale(): Sale | undefined {
    const { version, content } = this.#document
    return version === this.head.version ? saleOf(this.number, content, this.head) : undefined
  }

  get isSoldOut(): boolean {
    return this.head.items.every(isSoldOut)
  }

  isDue(now: Millis): boolean {
    return this.head.deadline !== undefined && this.head.deadline <= now
  }

  learn(head: SaleHead): void {
    if (head.recall !== this.head.recall && head.recall) this.#hush()
    if (!this.isBeyond(head)) this.head = head
  }

  /** Takes the document of that version, unless a later one is at hand. */
  learnDocument(version: string, content: Document): void {
    if (version === this.head.version) this.#document = { version, content }
  }

  /** Whether this process has heard of something later than a head tells. */
  isBeyond({ epoch, seq }: SaleHead): boolean {
    return epoch < this.head.epoch || (epoch === this.head.epoch && seq < this.head.seq)
  }

  learnEpoch(epoch: number): void {
    if (epoch > this.head.epoch) this.head = { ...this.head, epoch }
  }

  /** Resolves when no replica can still refuse from a memory that is older than the recall mark: docs/decisions/0012. */
  async quiet(): Promise<void> {
    for (;;) {
      const left = this.#quietUntil - performance.now()
      if (left <= 0) return
      await sleep(left)
    }
  }

  #hush(): void {
    this.#quietUntil = performance.now() + this.leaseMs + MARGIN_MS
  }
}
