import type { Fact } from "../../core/fact.ts"
import { conserves, draftOf, foldInto } from "../../core/fold.ts"
import type { Head } from "../../core/ports/hot-inventory.ts"
import type { Sale } from "../../core/sale.ts"

/** Checks every fact that the ledger takes against the stock before it: units must come from somewhere and go somewhere. */
export class ConservationCheck {
  /** Each sale as the last checked fact left it: a copy of its own, which changes with every fact. */
  readonly #sales = new Map<string, Sale>()
  readonly #failed = new Map<string, Fact>()
  #violations = 0

  /** Facts that did not add up, since the worker began. */
  get violations(): number {
    return this.#violations
  }

  /** For each sale, the last fact that did not add up and that `settle` was not called for. */
  get failed(): Fact[] {
    return [...this.#failed.values()]
  }

  settle(saleId: string): void {
    this.#failed.delete(saleId)
  }

  /** Begins again with the sales that the ledger holds. */
  reset(sales: readonly Sale[]): void {
    this.#sales.clear()
    for (const sale of sales) this.#sales.set(sale.id, draftOf(sale))
  }

  /** Facts that were checked before are passed over. */
  check({ saleId, number }: Pick<Head, "saleId" | "number">, facts: readonly Fact[]): void {
    let sale = this.#sales.get(saleId)
    for (const fact of facts) {
      if (sale && fact.seq <= sale.seq) continue
      if (!conserves(sale, fact)) {
        this.#violations++
        this.#failed.set(saleId, fact)
      }
      sale = foldInto(sale, number, fact)
    }
    if (sale) this.#sales.set(saleId, sale)
  }
}
