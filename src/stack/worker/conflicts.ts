import { LedgerFault } from "../../core/ports/ledger.ts"
import type { Millis } from "../../core/sale.ts"
import type { Log } from "../../observability/log.ts"
import { type Clock, systemTime } from "../../runtime/time.ts"

/** How often a sale in conflict is looked at again: a person may have resolved it. */
const RETRY_MS = 5000

/**
 * Sales whose store and ledger contradict each other. Only a person can say which of the two is right, so the worker
 * leaves such a sale alone and continues with the others.
 */
export class Conflicts {
  readonly #sales = new Map<string, { reason: string; retryAt: Millis }>()

  constructor(
    private readonly log: Log,
    private readonly clock: Clock = systemTime,
  ) {}

  get saleIds(): string[] {
    return [...this.#sales.keys()]
  }

  /** Does `work`, and resolves to undefined if the sale is in conflict and was looked at a moment ago. */
  async guard<Value>(saleId: string, work: () => Promise<Value>): Promise<Value | undefined> {
    const known = this.#sales.get(saleId)
    if (known && this.clock.monotonic() < known.retryAt) return undefined
    try {
      const value = await work()
      if (known) this.log.info({ sale: saleId }, "store and ledger agree again")
      this.#sales.delete(saleId)
      return value
    } catch (error) {
      if (!(error instanceof LedgerFault) || error.kind !== "conflict") throw error
      const reason = error.message
      if (reason !== known?.reason) {
        this.log.error({ sale: saleId, error: reason }, "store and ledger contradict each other")
      }
      this.#sales.set(saleId, { reason, retryAt: this.clock.monotonic() + RETRY_MS })
      return undefined
    }
  }
}
