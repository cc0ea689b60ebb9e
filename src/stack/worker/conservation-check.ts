import type { Fact } from "../../core/fact.ts"
import { conserves, foldSale } from "../../core/fold.ts"
import type { Head } from "../../core/ports/hot-inventory.ts"
import type { Sale } from "../../core/sale.ts"

/** The sales as far as they are drained: every fact is checked against the stock before it. */
export class ConservationCheck {
  readonly #sales = new Map<string, Sale>()
  readonly #unsound = new Map<string, Fact>()
  #violations = 0

  /** Facts whose units came from nowhere, or went there. */
  get violations(): number {
    return this.#violations
  }

  /** The last such fact of each sale that nobody has seen to. */
  get unsound(): Fact[] {
    return [...this.#unsound.values()]
  }

  seenTo(saleId: string): void {
    this.#unsound.delete(saleId)
  }

  /** Begins with what the ledger holds. */
  begin(sales: readonly Sale[]): void {
    this.#sales.clear()
    for (const sale of sales) this.#sales.set(sale.id, sale)
  }

  /** Takes facts that the ledger has taken. */
  take({ saleId, number }: Pick<Head, "saleId" | "number">, facts: readonly Fact[]): void {
    let sale = this.#sales.get(saleId)
    for (const fact of facts) {
      if (sale && fact.seq <= sale.seq) continue
      if (!conserves(sale, fact)) {
        this.#violations++
        this.#unsound.set(saleId, fact)
      }
      sale = foldSale(sale, number, fact)
    }
    if (sale) this.#sales.set(saleId, sale)
  }
}
