import { type Checkout, isSoldOut, type Millis, type Sale } from "../../core/sale.ts"
import { keysOf } from "./protocol/keys.ts"
import { type Document, parseHead, type SaleHead, saleOf } from "./protocol/sale-head.ts"

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

  private constructor(
    readonly id: string,
    readonly number: number,
    private readonly leaseMs: number,
    public head: SaleHead,
    document: string,
  ) {
    this.keys = keysOf(id)
    this.#document = { version: head.version, content: JSON.parse(document) }
    // Whoever has just come cannot tell how long ago that was.
    if (head.recall) this.#hush()
  }

  static of(id: string, number: number, leaseMs: number, head: string, document: string): SaleSnapshot {
    return new SaleSnapshot(id, number, leaseMs, parseHead(head), document)
  }

  get checkout(): Checkout {
    return this.#document.content.checkout
  }

  get epoch(): number {
    return this.head.epoch
  }

  /** The version of the document that is at hand. */
  get version(): string {
    return this.#document.version
  }

  /** Absent while head and document are not of the same moment. */
  get sale(): Sale | undefined {
    const { version, content } = this.#document
    return version === this.head.version ? saleOf(this.number, content, this.head) : undefined
  }

  /** The sale at the moment of a head and its document. */
  at(head: string, document: string): Sale {
    return saleOf(this.number, JSON.parse(document) as Document, this.learn(head, document))
  }

  get isSoldOut(): boolean {
    return this.head.items.every(isSoldOut)
  }

  isDue(now: Millis): boolean {
    return this.head.deadline !== undefined && this.head.deadline <= now
  }

  learn(text: string, document?: string): SaleHead {
    const head = parseHead(text)
    if (head.recall !== this.head.recall && head.recall) this.#hush()
    if (head.epoch > this.head.epoch || (head.epoch === this.head.epoch && head.seq >= this.head.seq)) this.head = head
    if (document !== undefined && head.version === this.head.version) {
      this.#document = { version: head.version, content: JSON.parse(document) as Document }
    }
    return head
  }

  /** Whether more was heard before than the text of a head tells. */
  isBeyond(text: string): boolean {
    const { epoch, seq } = parseHead(text)
    return epoch < this.head.epoch || (epoch === this.head.epoch && seq < this.head.seq)
  }

  learnEpoch(epoch: number): void {
    if (epoch > this.head.epoch) this.head = { ...this.head, epoch }
  }

  /** Resolves when nobody refuses from memory what this process has heard to be otherwise. See docs/decisions/0012. */
  async quiet(): Promise<void> {
    for (;;) {
      const left = this.#quietUntil - performance.now()
      if (left <= 0) return
      await new Promise(resolve => setTimeout(resolve, left))
    }
  }

  #hush(): void {
    this.#quietUntil = performance.now() + this.leaseMs + MARGIN_MS
  }
}
