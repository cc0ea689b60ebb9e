import type { Answer, Reserve } from "../../core/command.ts"
import type { Inventory, Notice } from "../../core/ports/inventory.ts"
import { isSoldOut, itemOf, type Millis, type Sale, stateOf } from "../../core/sale.ts"
import { type Clock, systemTime } from "../../runtime/time.ts"

/** This close to the end of a sale's window, only the store's clock may say whether it has ended. */
const CLOCK_MARGIN_MS = 1000
/** Facts per read when the journal is searched backwards. Only an administrator's facts follow a sell-out, so they are few. */
const FACTS_PER_READ = 100

type Listener = (sale: Sale) => void

/** The latest notice of each sale. Pages show these sales, and some purchases can be refused without the store. */
export class SaleCache implements AsyncDisposable {
  readonly #notices = new Map<string, Notice>()
  /** The refusal of each sold-out sale. All customers share the same object. */
  readonly #soldOut = new Map<string, Answer>()
  readonly #soldOutAt = new Map<string, Millis>()
  /** Sales that this replica has seen with a unit free or held. It gets a notice when they sell out. */
  readonly #hadUnits = new Set<string>()
  readonly #listeners = new Set<Listener>()
  #unwatch = (): void => {}

  constructor(
    private readonly inventory: Pick<Inventory, "watch" | "facts">,
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

  /**
   * The refusal that the store would certainly give: every unit is sold, the window is open, and the customer holds no
   * order that could be replayed or counted against the limit. Undefined when the store must be asked.
   */
  refuse({ saleId, sku, customerId, quantity }: Reserve, now: Millis): Answer | undefined {
    const notice = this.#notices.get(saleId)
    if (!notice?.holders) return undefined
    const { sale, holders, until } = notice
    if (until !== undefined && this.clock.monotonic() >= until) return undefined
    if (sale.closesAt !== undefined && now >= sale.closesAt - CLOCK_MARGIN_MS) return undefined
    if (stateOf(sale, now - CLOCK_MARGIN_MS) !== "open" || quantity > sale.limitPerCustomer) return undefined
    if (!itemOf(sale, sku) || holders.mayHold(customerId)) return undefined
    return this.#soldOut.get(saleId)
  }

  #hear(notice: Notice): void {
    const { sale, holders } = notice
    this.#notices.set(sale.id, notice)
    if (holders) this.#soldOut.set(sale.id, { outcome: "sold_out", seq: sale.seq, free: 0 })
    else this.#soldOut.delete(sale.id)
    this.#noteSellOut(sale)
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
