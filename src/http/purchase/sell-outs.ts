import type { Inventory } from "../../core/ports/inventory.ts"
import { isSoldOut, type Millis, type Sale } from "../../core/sale.ts"

/** Facts read at a time, from the journal's end backwards. What follows a sell-out is an administrator's, so it is short. */
const PAGE = 100

/** When each sale that is sold out became so: as it was heard, or as the journal says after a restart. */
export class SellOutTimes {
  readonly #at = new Map<string, Millis>()
  readonly #left = new Set<string>()

  constructor(readonly inventory: Pick<Inventory, "facts">) {}

  hear(sale: Sale): void {
    if (!sale.items.some(({ total }) => total > 0) || !sale.items.every(isSoldOut)) {
      this.#left.add(sale.id)
      this.#at.delete(sale.id)
    } else if (this.#left.delete(sale.id)) this.#at.set(sale.id, sale.at)
    else if (!this.#at.has(sale.id)) this.#lookUp(sale)
  }

  at(saleId: string): Millis | undefined {
    return this.#at.get(saleId)
  }

  /** The last unit went with the last `confirmed` fact. Unanswered, it is asked for again with the next news. */
  #lookUp({ id, seq }: Sale): void {
    const search = async (end: number): Promise<Millis | undefined> => {
      const start = Math.max(0, end - PAGE)
      const facts = await this.inventory.facts(id, start, end - start)
      const last = facts.findLast(({ kind }) => kind === "confirmed")
      return last?.at ?? (start > 0 ? search(start) : undefined)
    }
    search(seq).then(
      at => {
        if (at !== undefined && !this.#left.has(id)) this.#at.set(id, at)
      },
      () => {},
    )
  }
}
