import type { Sale } from "../../core/sale.ts"
import type { SaleCache } from "../purchase/sale-cache.ts"
import { saleToWire } from "./mapping.ts"

/** At most five events a second to each viewer: the first change is told at once, what follows it soon waits. */
const EVERY_MS = 200
/** Keeps proxies from closing a quiet stream. */
const COMMENT_EVERY_MS = 15_000
const UNREAD_EVENTS_MAX = 50

interface Viewer {
  readonly desiredSize: number | null
  enqueue(bytes: Uint8Array<ArrayBuffer>): void
  close(): void
}

const utf8 = new TextEncoder()

/** Server-sent events (https://html.spec.whatwg.org/#server-sent-events): a sale's changes, encoded once for all its viewers. */
export class LiveStream {
  readonly #viewers = new Map<string, Set<Viewer>>()
  readonly #changed = new Map<string, Sale>()
  #timer: Timer | undefined
  #flushedAt = Number.NEGATIVE_INFINITY
  #isOpen = true

  readonly #comments = setInterval(() => this.#comment(), COMMENT_EVERY_MS)

  constructor(readonly board: SaleCache) {
    board.onChange(sale => this.#hear(sale))
  }

  /** Ends every stream; browsers reconnect by themselves, to another replica. */
  close(): void {
    this.#isOpen = false
    clearInterval(this.#comments)
    clearTimeout(this.#timer)
    for (const viewers of this.#viewers.values()) for (const viewer of viewers) viewer.close()
    this.#viewers.clear()
  }

  /** The sale now, then every change until the viewer leaves or this closes. */
  open(sale: Sale, left: AbortSignal): ReadableStream<Uint8Array<ArrayBuffer>> {
    const viewers = this.#viewers.get(sale.id) ?? new Set()
    this.#viewers.set(sale.id, viewers)
    let viewer: Viewer
    const leave = () => {
      viewers.delete(viewer)
    }
    left.addEventListener("abort", leave, { once: true })
    return new ReadableStream({
      start: controller => {
        viewer = controller
        viewer.enqueue(this.#eventOf(sale))
        if (this.#isOpen) viewers.add(viewer)
        else viewer.close()
      },
      cancel: leave,
    })
  }

  #hear(sale: Sale): void {
    if (!this.#viewers.get(sale.id)?.size) return
    this.#changed.set(sale.id, sale)
    // Never in the middle of a batch's news: what comes in one turn is one event.
    const wait = Math.max(0, this.#flushedAt + EVERY_MS - Date.now())
    this.#timer ??= setTimeout(() => this.#flush(), wait)
  }

  #flush(): void {
    this.#timer = undefined
    this.#flushedAt = Date.now()
    for (const sale of this.#changed.values()) this.#send(this.#viewers.get(sale.id)!, this.#eventOf(sale))
    this.#changed.clear()
  }

  #comment(): void {
    const comment = utf8.encode(":\n\n")
    for (const viewers of this.#viewers.values()) this.#send(viewers, comment)
  }

  /** A viewer who does not read is cut off rather than buffered without end. */
  #send(viewers: Set<Viewer>, bytes: Uint8Array<ArrayBuffer>): void {
    for (const viewer of viewers) {
      if ((viewer.desiredSize ?? 0) < -UNREAD_EVENTS_MAX) {
        viewers.delete(viewer)
        viewer.close()
      } else viewer.enqueue(bytes)
    }
  }

  #eventOf(sale: Sale): Uint8Array<ArrayBuffer> {
    const news = saleToWire(sale, Date.now(), this.board.soldOutAt(sale.id))
    return utf8.encode(`event: stock\ndata: ${JSON.stringify(news)}\n\n`)
  }
}
