import { LedgerFault } from "../../core/ports/ledger.ts"
import type { Millis } from "../../core/sale.ts"
import type { Log } from "../../observability/log.ts"

/** Whether somebody has put it right is looked at this often. */
const AGAIN_MS = 5000

/**
 * Sales whose store and ledger contradict each other. Only a person can say which one is right: such a sale is left
 * alone, and the others go on.
 */
export class Conflicts {
  readonly #sales = new Map<string, { reason: string; until: Millis }>()

  constructor(private readonly log: Log) {}

  /** The sales and why each is left alone. */
  get reasons(): [saleId: string, reason: string][] {
    return [...this.#sales].map(([saleId, { reason }]) => [saleId, reason])
  }

  /** Does the work, and returns what it does, unless the sale is in conflict or was found so just now. */
  async guard<Value>(saleId: string, work: () => Promise<Value>): Promise<Value | undefined> {
    const known = this.#sales.get(saleId)
    if (known && performance.now() < known.until) return undefined
    try {
      const value = await work()
      if (known) this.log.info({ sale: saleId }, "store and ledger agree again")
      this.#sales.delete(saleId)
      return value
    } catch (error) {
      if (!(error instanceof LedgerFault) || error.kind !== "conflict") throw error
      const reason = error.message
      if (reason !== known?.reason)
        this.log.error({ sale: saleId, error: reason }, "store and ledger contradict each other")
      this.#sales.set(saleId, { reason, until: performance.now() + AGAIN_MS })
      return undefined
    }
  }
}
