import type { Sale } from "../../../src/wire/wire.ts"

const WAIT_MAX_MS = 8000

export interface Event {
  sale: Sale
  /** By a monotonic clock. */
  at: number
}

/** Reads server-sent events as a browser does. */
export class LiveReader implements Disposable {
  readonly events: Event[] = []
  /** Comments, and what should not be there. */
  readonly others: string[] = []
  readonly openedAt = performance.now()
  /** Resolves when the server ends the stream. */
  readonly ended: Promise<void>
  readonly #abort: AbortController
  #heard: () => void = () => {}

  private constructor(
    response: Response,
    abort: AbortController,
    readonly headers = response.headers,
  ) {
    this.#abort = abort
    this.ended = this.#read(response.body!)
  }

  static async open(url: string, saleId: string): Promise<LiveReader> {
    const abort = new AbortController()
    const headers = { Connection: "close" }
    return new LiveReader(await fetch(`${url}/api/v1/sales/${saleId}/live`, { signal: abort.signal, headers }), abort)
  }

  /** The first event, old or new, that fits. */
  async until(fits: (event: Event) => boolean): Promise<Event> {
    const end = performance.now() + WAIT_MAX_MS
    for (;;) {
      const found = this.events.find(fits)
      if (found) return found
      if (performance.now() > end) throw new Error(`no such event among ${this.events.length}`)
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#heard = resolve
      await Promise.race([promise, Bun.sleep(200)])
    }
  }

  [Symbol.dispose](): void {
    this.#abort.abort()
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    const utf8 = new TextDecoder()
    let text = ""
    try {
      for await (const chunk of body) {
        text += utf8.decode(chunk, { stream: true })
        const blocks = text.split("\n\n")
        text = blocks.pop()!
        for (const block of blocks) this.#take(block)
        this.#heard()
      }
    } catch {
      // The connection was closed by either side: the stream has ended.
    }
  }

  #take(block: string): void {
    const [, data] = /^event: stock\ndata: (.*)$/.exec(block) ?? []
    if (data !== undefined) this.events.push({ sale: JSON.parse(data) as Sale, at: performance.now() })
    else this.others.push(block)
  }
}
