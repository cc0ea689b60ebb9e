import type { Sale } from "../../core/sale.ts"
import { systemTime, type Time } from "../../runtime/time.ts"
import type { SaleCache } from "../purchase/sale-cache.ts"
import { saleToWire } from "./mapping.ts"
import { StreamCounts, type StreamLimits } from "./stream-counts.ts"

/** At most five events a second: the first change is sent at once, and those that follow within this time are joined. */
const EVENT_EVERY_MS = 200
/** Comment lines keep proxies from closing a quiet stream. */
const COMMENT_EVERY_MS = 15_000
/** A viewer with more unread events than this is disconnected. */
const UNREAD_EVENTS_MAX = 50

interface Viewer {
  readonly controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>
  /** Counts the viewer no longer. */
  leave(): void
}

const utf8 = new TextEncoder()
const COMMENT = utf8.encode(":\n\n")

/** Sends each sale's changes as server-sent events (https://html.spec.whatwg.org/#server-sent-events), encoded once for all viewers. */
export class LiveStream implements AsyncDisposable {
  readonly #viewers = new Map<string, Set<Viewer>>()
  readonly #changed = new Map<string, Sale>()
  readonly #resources = new DisposableStack()
  #flush: Disposable | undefined
  #flushedAt = Number.NEGATIVE_INFINITY
  #isOpen = true
  readonly #counts: StreamCounts

  constructor(
    private readonly saleCache: SaleCache,
    limits: StreamLimits,
    private readonly time: Time = systemTime,
  ) {
    this.#counts = new StreamCounts(limits)
  }

  /** The streams that are open. */
  get count(): number {
    return this.#counts.all
  }

  start(): void {
    this.#resources.defer(this.saleCache.onChange(sale => this.#noteChange(sale)))
    this.#resources.use(this.time.every(COMMENT_EVERY_MS, () => this.#comment()))
  }

  /** Ends every stream. Browsers reconnect by themselves, to another replica. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOpen = false
    this.#resources.dispose()
    this.#flush?.[Symbol.dispose]()
    for (const viewers of this.#viewers.values()) for (const viewer of viewers) end(viewer)
    this.#viewers.clear()
  }

  /**
   * Sends the sale as it is now, then every change until `left` is aborted or the replica stops. Undefined if there are
   * as many streams as may be: whoever only looks on is refused first, and can read the copy of the sale instead.
   */
  open(sale: Sale, address: string, left: AbortSignal): ReadableStream<Uint8Array<ArrayBuffer>> | undefined {
    const discount = this.#counts.add(address)
    if (!discount) return undefined
    const viewers = this.#viewers.get(sale.id) ?? new Set()
    this.#viewers.set(sale.id, viewers)
    let viewer: Viewer
    const leave = () => {
      viewers.delete(viewer)
      discount()
    }
    left.addEventListener("abort", leave, { once: true })
    return new ReadableStream({
      start: controller => {
        viewer = { controller, leave }
        controller.enqueue(this.#eventOf(sale))
        if (this.#isOpen) viewers.add(viewer)
        else end(viewer)
      },
      cancel: leave,
    })
  }

  #noteChange(sale: Sale): void {
    if (!this.#viewers.get(sale.id)?.size) return
    this.#changed.set(sale.id, sale)
    // Even without a wait the event goes out on a later turn, so that all changes of one batch become one event.
    const wait = Math.max(0, this.#flushedAt + EVENT_EVERY_MS - this.time.monotonic())
    this.#flush ??= this.time.after(wait, () => this.#sendChanges())
  }

  #sendChanges(): void {
    this.#flush = undefined
    this.#flushedAt = this.time.monotonic()
    for (const sale of this.#changed.values()) this.#send(sale.id, this.#eventOf(sale))
    this.#changed.clear()
  }

  #comment(): void {
    for (const saleId of this.#viewers.keys()) this.#send(saleId, COMMENT)
  }

  /** Disconnects viewers that do not read, because their events would pile up in memory. */
  #send(saleId: string, bytes: Uint8Array<ArrayBuffer>): void {
    const viewers = this.#viewers.get(saleId)
    for (const viewer of viewers ?? []) {
      if ((viewer.controller.desiredSize ?? 0) < -UNREAD_EVENTS_MAX) end(viewer)
      else viewer.controller.enqueue(bytes)
    }
  }

  #eventOf(sale: Sale): Uint8Array<ArrayBuffer> {
    const json = JSON.stringify(saleToWire(sale, this.time.now(), this.saleCache.soldOutAt(sale.id)))
    return utf8.encode(`event: stock\ndata: ${json}\n\n`)
  }
}

function end({ controller, leave }: Viewer): void {
  leave()
  controller.close()
}
