import type { Answer, Reserve } from "../../core/command.ts"
import type { Refusal } from "../../core/outcome.ts"
import type { Inventory, Notice } from "../../core/ports/inventory.ts"
import { isSoldOut, itemOf, type Millis, type Sale, type SaleState, stateOf } from "../../core/sale.ts"
import { type Clock, systemTime } from "../../runtime/time.ts"

/** This close to an end of a sale's window, only the store's clock may say whether it is open. */
const CLOCK_MARGIN_MS = 1000
/** Facts per read when the journal is searched backwards. Only an administrator's facts follow a sell-out, so they are few. */
const FACTS_PER_READ = 100

const UNKNOWN: Answer = { outcome: "sale_unknown" }
const WINDOW_REFUSALS = {
  scheduled: "sale_not_open",
  paused: "sale_paused",
  closed: "sale_closed",
} as const satisfies Record<Exclude<SaleState, "open">, Refusal>

type Listener = (sale: Sale) => void

/** The latest notice of each sale. Pages show these sales, and some purchases can be refused without the store. */
export class SaleCache implements AsyncDisposable {
  readonly #notices = new Map<string, Notice>()
  /** The last refusal from memory of each sale. */
  readonly #refusals = new Map<string, Answer>()
  readonly #soldOutAt = new Map<string, Millis>()
  /** Sales that this replica has seen with a unit free or held. It gets a notice when they sell out. */
  readonly #hadUnits = new Set<string>()
  readonly #listeners = new Set<Listener>()
  #revision = 0
  #unwatch = (): void => {}

  constructor(
    private readonly inventory: Pick<Inventory, "watch" | "facts" | "namesAllUntil">,
    private readonly clock: Clock = systemTime,
  ) {}

  /** Begins to listen to the inventory. */
  start(): void {
    this.#unwatch = this.inventory.watch(notice => this.#hear(notice))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#unwatch()
    this.#listeners.clear()
  }

  sales(): Sale[] {
    return [...this.#notices.values()].map(({ sale }) => sale)
  }

  sale(saleId: string): Sale | undefined {
    return this.#notices.get(saleId)?.sale
  }

  /** When the last unit was sold. Undefined while any unit is free or held, and until the time is known. */
  soldOutAt(saleId: string): Millis | undefined {
    return this.#soldOutAt.get(saleId)
  }

  /** Calls `listener` with a sale each time that it changes. Returns a function that stops this. */
  onChange(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Whether the store certainly has no such sale. False also means that the store must be asked. */
  isUnknown(saleId: string): boolean {
    if (this.#notices.has(saleId)) return false
    return this.clock.monotonic() < (this.inventory.namesAllUntil?.() ?? Number.NEGATIVE_INFINITY)
  }

  /** Whether `refuse` knows of such a sale, or that there is none, and can answer many of its attempts. */
  mayRefuse(saleId: string): boolean {
    const notice = this.#notices.get(saleId)
    return notice ? notice.holders !== undefined : this.isUnknown(saleId)
  }

  /**
   * The refusal that the store would certainly give: there is no such sale or item, or nobody can buy now and the
   * customer holds no order that could be replayed or counted against the limit. Undefined when the store must be asked.
   */
  refuse({ saleId, sku, customerId, quantity }: Reserve, now: Millis): Answer | undefined {
    // Such a request is malformed before anything else.
    if (!Number.isSafeInteger(quantity) || quantity < 1) return undefined
    const notice = this.#notices.get(saleId)
    if (!notice) return this.isUnknown(saleId) ? UNKNOWN : undefined
    const { sale, holders, lease } = notice
    if (!itemOf(sale, sku)) return UNKNOWN
    if (!holders || holders.mayHold(customerId)) return undefined
    if (lease && this.clock.monotonic() >= lease.until()) return undefined
    const at = lease?.at()
    const state = stateOf(sale, at ?? now - CLOCK_MARGIN_MS)
    if (state !== stateOf(sale, (at ?? now) + CLOCK_MARGIN_MS)) return undefined
    if (state !== "open") return this.#sharedRefusal(sale, WINDOW_REFUSALS[state])
    if (quantity > sale.limitPerCustomer || !sale.items.every(isSoldOut)) return undefined
    return this.#sharedRefusal(sale, "sold_out")
  }

  /** All customers share the same object, so that its text is made once. */
  #sharedRefusal({ id, seq, opensAt }: Sale, outcome: Refusal): Answer {
    const known = this.#refusals.get(id)
    if (known?.outcome === outcome && known.seq === seq) return known
    const more = outcome === "sold_out" ? { free: 0 } : outcome === "sale_not_open" ? { retryAt: opensAt } : {}
    const answer: Answer = { outcome, seq, ...more }
    this.#refusals.set(id, answer)
    return answer
  }

  /** Rises whenever what this cache knows has changed. */
  get revision(): number {
    return this.#revision
  }

  #hear(notice: Notice): void {
    this.#revision++
    const { sale } = notice
    const before = this.#notices.get(sale.id)?.sale
    this.#notices.set(sale.id, notice)
    this.#noteSellOut(sale)
    // A lease is renewed many times a second, and that is no change of the sale.
    if (before && before.seq === sale.seq && before.hash === sale.hash) return
    for (const listener of this.#listeners) listener(sale)
  }

  /** A sell-out happened at the fact that brought its notice. After a restart the journal says when it was. */
  #noteSellOut(sale: Sale): void {
    if (!sale.items.some(({ total }) => total > 0) || !sale.items.every(isSoldOut)) {
      this.#hadUnits.add(sale.id)
      this.#soldOutAt.delete(sale.id)
    } else if (this.#hadUnits.delete(sale.id)) {
      this.#soldOutAt.set(sale.id, sale.at)
    } else if (!this.#soldOutAt.has(sale.id)) {
      void this.#readSellOut(sale)
    }
  }

  /** The last unit was sold by the last `confirmed` fact. If the journal cannot be read, the next notice tries again. */
  async #readSellOut({ id, seq }: Sale): Promise<void> {
    try {
      for (let end = seq; end > 0; end -= FACTS_PER_READ) {
        const start = Math.max(0, end - FACTS_PER_READ)
        const facts = await this.inventory.facts(id, start, end - start)
        const last = facts.findLast(({ kind }) => kind === "confirmed")
        if (!last) continue
        if (!this.#hadUnits.has(id)) this.#soldOutAt.set(id, last.at)
        return
      }
    } catch {
      // The journal cannot be read now.
    }
  }
}
