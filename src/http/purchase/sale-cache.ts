import type { Answer, Reserve } from "../../core/command.ts"
import type { Inventory, Notice } from "../../core/ports/inventory.ts"
import { itemOf, type Millis, type Sale, stateOf } from "../../core/sale.ts"
import { SellOutTimes } from "./sell-outs.ts"

/** Near the end of a window only the store's clock may say whether it has ended. */
const CLOCK_MARGIN_MS = 1000

/** The sales as this replica last heard of them: what pages show, and what may be refused without asking the store. */
export class SaleCache {
  readonly #notices = new Map<string, Notice>()
  /** What strangers are told of a sale that is sold out: one answer for all of them. */
  readonly #soldOut = new Map<string, Answer>()
  readonly #listeners = new Set<(sale: Sale) => void>()
  readonly #sellOuts: SellOutTimes
  readonly #stop: () => void

  constructor(inventory: Inventory) {
    this.#sellOuts = new SellOutTimes(inventory)
    this.#stop = inventory.watch(notice => {
      const { id, seq } = notice.sale
      this.#notices.set(id, notice)
      if (notice.holders) this.#soldOut.set(id, { outcome: "sold_out", seq, free: 0 })
      else this.#soldOut.delete(id)
      this.#sellOuts.hear(notice.sale)
      for (const listener of this.#listeners) listener(notice.sale)
    })
  }

  sales(): Sale[] {
    return [...this.#notices.values()].map(({ sale }) => sale)
  }

  sale(saleId: string): Sale | undefined {
    return this.#notices.get(saleId)?.sale
  }

  /** When the last unit went, for a sale that has none left. */
  soldOutAt(saleId: string): Millis | undefined {
    return this.#sellOuts.at(saleId)
  }

  onChange(listener: (sale: Sale) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /**
   * The refusal that the store is certain to give: every unit is sold, the window is open, and the customer holds no
   * order that could be replayed or counted against the limit. Otherwise nothing: the store must say.
   */
  refuse({ saleId, sku, customerId, quantity }: Reserve, now: Millis): Answer | undefined {
    const notice = this.#notices.get(saleId)
    if (!notice?.holders) return undefined
    const { sale, holders, until } = notice
    if (until !== undefined && performance.now() >= until) return undefined
    if (sale.closesAt !== undefined && now >= sale.closesAt - CLOCK_MARGIN_MS) return undefined
    if (stateOf(sale, now - CLOCK_MARGIN_MS) !== "open" || quantity > sale.limitPerCustomer) return undefined
    if (!itemOf(sale, sku) || holders.mayHold(customerId)) return undefined
    return this.#soldOut.get(saleId)
  }

  close(): void {
    this.#stop()
    this.#listeners.clear()
  }
}
