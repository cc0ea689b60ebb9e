import { type CustomerFilter, CustomerIndex } from "../../core/customer-index.ts"
import type { Notice } from "../../core/ports/inventory.ts"
import { sleep } from "../../runtime/time.ts"
import type { FunctionClient } from "./function-client.ts"
import type { SaleDirectory } from "./sale-directory.ts"
import type { SaleSnapshot } from "./sale-snapshot.ts"

/** Between two looks at each sale. */
const POLL_EVERY_MS = 100

/** Who holds orders of a sale, as long as it stands where it stood. */
interface Collected {
  epoch: number
  seq: number
  holders: CustomerFilter
}

/**
 * Tells listeners how sales stand: at once after a reply to a call of this process, and a few times a second what others
 * did. Once a sale is sold out its holders come with it, and may be relied on for a lease that each look renews.
 */
export class SalePoller {
  readonly #listeners = new Set<(notice: Notice) => void>()
  readonly #latest = new Map<string, Notice>()
  readonly #collected = new Map<string, Collected>()
  #polling: Promise<void> | undefined
  #isClosed = false

  constructor(
    private readonly caller: FunctionClient,
    private readonly book: () => SaleDirectory,
    private readonly leaseMs: number,
  ) {}

  add(listener: (notice: Notice) => void): () => void {
    this.#listeners.add(listener)
    for (const notice of this.#latest.values()) listener(notice)
    this.#polling ??= this.#poll()
    return () => this.#listeners.delete(listener)
  }

  /** A reply has told of the sale. What is sold out is told of when its holders are known. */
  heard(known: SaleSnapshot): void {
    if (!this.#polling) return
    const { sale } = known
    if (!sale || known.isSoldOut) return
    this.#collected.delete(known.id)
    const latest = this.#latest.get(known.id)
    if (latest && !latest.holders && latest.sale.seq === sale.seq && latest.sale.hash === sale.hash) return
    this.#tell({ sale })
  }

  close(): void {
    this.#isClosed = true
    this.#listeners.clear()
  }

  async #poll(): Promise<void> {
    while (!this.#isClosed) {
      const started = performance.now()
      await this.#look().catch(() => {
        for (const id of this.#latest.keys()) this.#recall(id)
      })
      const left = POLL_EVERY_MS - (performance.now() - started)
      await sleep(Math.max(left, 0))
    }
  }

  async #look(): Promise<void> {
    const { entries } = await this.book().list()
    await Promise.all(
      entries.map(async ({ id, number }) => {
        await this.#lookAt(id, number).catch(() => this.#recall(id))
      }),
    )
  }

  async #lookAt(id: string, number: number): Promise<void> {
    const sent = performance.now()
    const known = await this.book().look(id, number)
    const sale = known?.sale
    if (!sale || !known.isOpen) return this.#recall(id)
    if (!known.isSoldOut) return
    const { epoch, seq } = known.head
    const collected = this.#collected.get(id)
    if (collected?.epoch === epoch && collected.seq === seq) {
      this.#tell({ sale, holders: collected.holders, until: sent + this.leaseMs })
      return
    }
    const holders = await this.#collect(known)
    if (!holders) return
    this.#collected.set(id, { epoch, seq, holders })
    // What was collected counts from a look that comes after it.
    await this.#lookAt(id, number)
  }

  /** Everyone who has, or had, an order; undefined when the sale has moved on meanwhile. */
  async #collect({ keys, head }: SaleSnapshot): Promise<CustomerFilter | undefined> {
    const index = new CustomerIndex()
    let cursor = "0"
    do {
      const [epoch, seq, next, ...customers] = await this.caller.read("list_holders", keys, ["", cursor])
      if (Number(epoch) !== head.epoch || Number(seq) !== head.seq) return undefined
      for (const customerId of customers) index.add(customerId, 1)
      cursor = next!
    } while (cursor !== "0" && !this.#isClosed)
    return index.holders()
  }

  /** Ends refusals from memory; the sale itself stays as it was last seen. */
  #recall(id: string): void {
    const latest = this.#latest.get(id)
    if (latest?.holders) this.#tell({ sale: latest.sale })
  }

  #tell(notice: Notice): void {
    this.#latest.set(notice.sale.id, notice)
    for (const listener of this.#listeners) listener(notice)
  }
}
