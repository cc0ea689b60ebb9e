import { type CustomerFilter, CustomerIndex } from "../../core/customer-index.ts"
import type { Notice } from "../../core/ports/inventory.ts"
import { sleep, withTimeout } from "../../runtime/time.ts"
import type { FunctionClient } from "./function-client.ts"
import type { SaleDirectory } from "./sale-directory.ts"
import type { SaleSnapshot } from "./sale-snapshot.ts"

/** The time between two reads of each sale. */
const POLL_EVERY_MS = 100

/** The customers with orders of a sale. It is valid while the sale has this epoch and seq. */
interface Collected {
  epoch: number
  seq: number
  holders: CustomerFilter
}

/**
 * Notifies listeners of the state of sales: at once after a reply to this process, and ten times a second of what other
 * processes changed. The notice of a quiet sale (core `isQuiet`) includes its holders, with a lease that each read renews.
 */
export class SalePoller {
  readonly #listeners = new Set<(notice: Notice) => void>()
  readonly #latest = new Map<string, Notice>()
  readonly #collected = new Map<string, Collected>()
  #polling: Promise<void> | undefined
  /** Until then, a sale that no notice named does not exist. */
  #namesAllUntil = Number.NEGATIVE_INFINITY
  #reading: Promise<void> | undefined
  /** When the last read of every sale that did not fail began. */
  #readAt = Number.NEGATIVE_INFINITY
  readonly #closing = new AbortController()

  constructor(
    private readonly client: FunctionClient,
    private readonly directory: () => SaleDirectory,
    private readonly leaseMs: number,
  ) {}

  add(listener: (notice: Notice) => void): () => void {
    this.#listeners.add(listener)
    for (const notice of this.#latest.values()) listener(notice)
    this.#polling ??= this.#poll()
    return () => this.#listeners.delete(listener)
  }

  /** A reply has shown the sale. A sold-out sale is notified by the next poll instead, together with its holders. */
  changed(known: SaleSnapshot): void {
    if (!this.#polling) return
    const { sale } = known
    if (!sale || known.isSoldOut) return
    const latest = this.#latest.get(known.id)
    const isSame = latest?.sale.seq === sale.seq && latest.sale.hash === sale.hash
    if (isSame && (!latest.holders || known.isQuiet)) return
    this.#collected.delete(known.id)
    this.#notify({ sale })
  }

  get namesAllUntil(): number {
    return this.#namesAllUntil
  }

  /** Ends the polling; `ended` tells when it has ended. */
  close(): void {
    this.#closing.abort()
    this.#listeners.clear()
  }

  /** Resolves once nothing is read any more. */
  get ended(): Promise<void> {
    return this.#polling ?? Promise.resolve()
  }

  async #poll(): Promise<void> {
    const { time } = this.client
    const { signal } = this.#closing
    while (!signal.aborted) {
      const started = time.monotonic()
      await this.#readAll().catch(() => {
        for (const id of this.#latest.keys()) this.#endLease(id)
      })
      const left = POLL_EVERY_MS - (time.monotonic() - started)
      await sleep(Math.max(left, 0), signal, time)
    }
  }

  /** See `Inventory.refreshed`. A store that does not answer within a lease does not keep a reader waiting. */
  async refreshed(): Promise<void> {
    if (!this.#polling || this.#isRecent()) return
    const { time } = this.client
    const reading = async () => {
      // A read that is under way may have asked before the change.
      await this.#reading
      if (!this.#isRecent()) await this.#readAll()
    }
    await withTimeout(
      this.leaseMs,
      reading().catch(() => {}),
      time,
    )
  }

  #isRecent(): boolean {
    return this.client.time.monotonic() - this.#readAt <= this.leaseMs
  }

  /** Concurrent callers share one read of everything. */
  #readAll(): Promise<void> {
    this.#reading ??= this.#readEach().finally(() => {
      this.#reading = undefined
    })
    return this.#reading
  }

  async #readEach(): Promise<void> {
    const sent = this.client.time.monotonic()
    const { entries, isOpen } = await this.directory().list()
    let failures = 0
    await Promise.all(
      entries.map(async ({ id, number }) => {
        await this.#read(id, number).catch(() => {
          failures++
          this.#endLease(id)
        })
      }),
    )
    if (isOpen && entries.every(({ id }) => this.#latest.has(id))) this.#namesAllUntil = sent + this.leaseMs
    if (failures === 0) this.#readAt = sent
  }

  async #read(id: string, number: number): Promise<void> {
    const sent = this.client.time.monotonic()
    const known = await this.directory().look(id, number)
    const sale = known?.sale
    if (!sale || !known.isOpen || this.client.isInDoubt) return this.#endLease(id)
    if (!known.isQuiet) return
    const { epoch, seq } = known.head
    const collected = this.#collected.get(id)
    if (collected?.epoch === epoch && collected.seq === seq) {
      this.#notify({ sale, holders: collected.holders, until: sent + this.leaseMs, at: known.shownAt })
      return
    }
    const holders = await this.#collect(known)
    if (!holders) return
    this.#collected.set(id, { epoch, seq, holders })
    // The lease begins with a read that is sent after the holders were collected.
    await this.#read(id, number)
  }

  /** Every customer who has or had an order; undefined if the sale has changed meanwhile. */
  async #collect({ keys, head }: SaleSnapshot): Promise<CustomerFilter | undefined> {
    const index = new CustomerIndex()
    let cursor = "0"
    do {
      const [epoch, seq, next = "0", ...customers] = await this.client.read("list_holders", keys, ["", cursor])
      if (Number(epoch) !== head.epoch || Number(seq) !== head.seq) return undefined
      for (const customerId of customers) index.add(customerId, 1)
      cursor = next
    } while (cursor !== "0" && !this.#closing.signal.aborted)
    return index.holders()
  }

  /** Ends refusals from memory by a notice of the sale without holders. */
  #endLease(id: string): void {
    const latest = this.#latest.get(id)
    if (latest?.holders) this.#notify({ sale: latest.sale })
  }

  #notify(notice: Notice): void {
    this.#latest.set(notice.sale.id, notice)
    for (const listener of this.#listeners) listener(notice)
  }
}
