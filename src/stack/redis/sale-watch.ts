import { type CustomerFilter, CustomerIndex } from "../../core/customer-index.ts"
import type { Lease, Notice } from "../../core/ports/inventory.ts"
import { isQuiet, type Millis, type Sale } from "../../core/sale.ts"
import { Rest } from "../../runtime/rest.ts"
import { withTimeout } from "../../runtime/time.ts"
import type { FunctionClient } from "./function-client.ts"
import type { SaleDirectory, SaleList } from "./sale-directory.ts"
import type { SaleSnapshot } from "./sale-snapshot.ts"

/** The shortest time between two reads of a sale that changes, and between two renewals of leases that are used. */
const READ_EVERY_MS = 100
/** How often the store is read when it tells of nothing and nobody is refused from memory. */
const REST_MS = 1000

/** The customers with orders of a sale. It is valid while the sale has this epoch and seq. */
interface Collected {
  epoch: number
  seq: number
  holders: CustomerFilter
}

/** What the last notice of a sale was made from. */
interface Seen {
  head: SaleSnapshot["head"]
  isOpen: boolean
  /** The store's time from which on the sale may have another state. */
  turnsAt: Millis
}

/**
 * Notifies listeners of the state of sales: at once after a reply to this process, and within a tenth of a second of what other
 * processes changed. The notice of a quiet sale (core `isQuiet`) includes its holders and a lease. While somebody asks for
 * leases, they are renewed ten times a second.
 */
export class SaleWatch {
  readonly #listeners = new Set<(notice: Notice) => void>()
  readonly #latest = new Map<string, Notice>()
  readonly #collected = new Map<string, Collected>()
  readonly #seen = new WeakMap<SaleSnapshot, Seen>()
  readonly #rest: Rest
  #isWanted = false
  #watching: Promise<void> | undefined
  /** The list of which every sale has had a notice. */
  #named: SaleList | undefined
  #reading: Promise<void> | undefined
  /** When the last read of everything that did not fail began. */
  #readAt = Number.NEGATIVE_INFINITY
  readonly #closing = new AbortController()

  constructor(
    private readonly client: FunctionClient,
    private readonly directory: () => SaleDirectory,
    private readonly leaseMs: number,
  ) {
    this.#rest = new Rest(client.time)
  }

  add(listener: (notice: Notice) => void): () => void {
    this.#listeners.add(listener)
    for (const notice of this.#latest.values()) listener(notice)
    this.#watching ??= this.#watch()
    return () => this.#listeners.delete(listener)
  }

  /** A reply has shown the sale. A sold-out sale is notified by the next read instead, together with its holders. */
  changed(known: SaleSnapshot): void {
    if (!this.#watching) return
    const { sale } = known
    if (!sale || known.isSoldOut) return
    const latest = this.#latest.get(known.id)
    const isSame = latest?.sale.seq === sale.seq && latest.sale.hash === sale.hash
    if (isSame && (!latest.holders || this.#isQuiet(sale, known))) return
    this.#collected.delete(known.id)
    this.#notify({ sale })
  }

  get namesAllUntil(): number {
    this.#want()
    const directory = this.directory()
    const isNamed = this.#named === directory.listed
    return isNamed ? directory.freshness.listProvenAt + this.leaseMs : Number.NEGATIVE_INFINITY
  }

  /** Ends the watch; `ended` tells when it has ended. */
  close(): void {
    this.#closing.abort()
    this.#listeners.clear()
  }

  /** Resolves once nothing is read any more. */
  get ended(): Promise<void> {
    return this.#watching ?? Promise.resolve()
  }

  async #watch(): Promise<void> {
    const { time } = this.client
    const { signal } = this.#closing
    const ignore = this.directory().freshness.onNews(() => this.#rest.wake())
    while (!signal.aborted) {
      const started = time.monotonic()
      this.#isWanted = false
      const hasRead = await this.#readAll().then(
        () => true,
        () => false,
      )
      if (!hasRead) for (const id of this.#latest.keys()) this.#endLease(id)
      const left = Math.max(0, READ_EVERY_MS - (time.monotonic() - started))
      await this.#rest.take(left, hasRead && !this.#isWanted ? REST_MS : left, signal)
    }
    ignore()
  }

  /** Somebody would be refused from memory if the lease were valid. */
  #want(): void {
    if (this.#isWanted) return
    this.#isWanted = true
    this.#rest.wake()
  }

  /** See `Inventory.refreshed`. A store that does not answer within a lease does not keep a reader waiting. */
  async refreshed(): Promise<void> {
    if (!this.#watching || this.#isRecent()) return
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
    const directory = this.directory()
    const list = await directory.list()
    const { entries, isOpen } = list
    const { isInDoubt } = this.client
    let failures = 0
    const reading: Promise<void>[] = []
    for (const { id, number } of entries) {
      const known = directory.fresh(id)
      if (known && !isInDoubt && this.#isSeen(known)) continue
      const read = this.#read(id, number).catch(() => {
        failures++
        this.#endLease(id)
      })
      reading.push(read)
    }
    await Promise.all(reading)
    if (isOpen && entries.every(({ id }) => this.#latest.has(id))) this.#named = list
    if (failures === 0) this.#readAt = sent
  }

  /** Whether nothing about the sale is other than when it was read. */
  #isSeen(known: SaleSnapshot): boolean {
    const seen = this.#seen.get(known)
    if (!seen || seen.head !== known.head || seen.isOpen !== known.isOpen) return false
    return this.directory().shownAt(known) < seen.turnsAt
  }

  #isQuiet(sale: Sale, known: SaleSnapshot): boolean {
    return isQuiet(sale, this.directory().shownAt(known))
  }

  async #read(id: string, number: number): Promise<void> {
    const directory = this.directory()
    const known = await directory.look(id, number)
    const sale = known?.sale
    if (!sale || !known.isOpen || this.client.isInDoubt) return this.#endLease(id)
    const { head, isOpen } = known
    const seen = { head, isOpen, turnsAt: turnOf(sale, directory.shownAt(known)) }
    if (!this.#isQuiet(sale, known)) {
      this.#seen.set(known, seen)
      return this.#endLease(id)
    }
    const { epoch, seq } = head
    const collected = this.#collected.get(id)
    if (collected?.epoch === epoch && collected.seq === seq) {
      this.#seen.set(known, seen)
      return this.#notify({ sale, holders: collected.holders, lease: this.#leaseOf(known) })
    }
    const holders = await this.#collect(known)
    if (!holders) return
    this.#collected.set(id, { epoch, seq, holders })
    // The lease begins with a read that is sent after the holders were collected.
    await directory.list()
    await this.#read(id, number)
  }

  /** A lease lasts from the last proof that the sale is still at this fact. */
  #leaseOf(known: SaleSnapshot): Lease {
    const directory = this.directory()
    const { freshness } = directory
    const { epoch, seq } = known.head
    return {
      until: () => {
        this.#want()
        const { head, isOpen } = known
        const proof = isOpen && head.seq === seq && head.epoch === epoch ? freshness.proof(known.id) : undefined
        return (proof?.at ?? Number.NEGATIVE_INFINITY) + this.leaseMs
      },
      at: () => directory.shownAt(known),
    }
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

/** When the sale next opens or closes by itself, after `now`. */
function turnOf({ opensAt, closesAt = Number.POSITIVE_INFINITY }: Sale, now: Millis): Millis {
  return Math.min(...[opensAt, closesAt].filter(time => time > now), Number.POSITIVE_INFINITY)
}
