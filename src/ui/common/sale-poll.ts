import type { Sale } from "../../wire/wire.ts"
import { request } from "./api.ts"
import { after } from "./time.ts"

/** How long a page waits for an event before it reads the sale itself, and how often it does so until one comes. */
const POLL_EVERY_MS = 3_000
/** In a quiet sale no event comes for long, and every read says what the last event said: then the page reads less often. */
const QUIET_EVERY_MS = 10_000

/** Reads a sale every few seconds while its stream brings no events. */
export class SalePoll {
  #cancel: (() => void) | undefined
  #isFresh = false
  #everyMs = POLL_EVERY_MS
  /** The last fact that the stream told of; undefined while there is no stream. */
  #heardSeq: number | undefined

  constructor(
    private readonly path: string,
    private readonly onSale: (sale: Sale) => void,
  ) {}

  /** Whether the last read brought the sale, so that what is shown is a few seconds old at most. */
  get isFresh(): boolean {
    return this.#isFresh
  }

  start(): void {
    // Half of the pages' waits are longer than the other half's, so that they do not read at the same moment.
    this.#cancel ??= after(this.#everyMs * (0.75 + Math.random() / 2), () => void this.#read())
  }

  stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
    this.#isFresh = false
    this.#everyMs = POLL_EVERY_MS
    this.#heardSeq = undefined
  }

  /** The stream brought an event. Waits for the next one anew: a proxy may let the first through and keep the others back. */
  heard({ seq }: Sale): void {
    this.stop()
    this.#heardSeq = seq
    this.start()
  }

  async #read(): Promise<void> {
    const reading = this.#cancel
    // A copy will do. Asking for the latest state would make every viewer a request to a replica.
    const { body } = await request<Sale>(this.path, { cache: "default" })
    // Stopped meanwhile, and perhaps started again.
    if (this.#cancel !== reading || !reading) return
    this.#cancel = undefined
    this.#isFresh = body !== undefined
    const isQuiet = body !== undefined && body.seq === this.#heardSeq
    this.#everyMs = isQuiet ? Math.min(QUIET_EVERY_MS, this.#everyMs * 1.5) : POLL_EVERY_MS
    if (body) this.onSale(body)
    this.start()
  }
}
