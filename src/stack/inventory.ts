import type { Answer, Command } from "../core/command.ts"
import type { Fact } from "../core/fact.ts"
import type { Order } from "../core/order.ts"
import type { HotInventory } from "../core/ports/hot-inventory.ts"
import { type Inventory, InventoryFault, type Notice } from "../core/ports/inventory.ts"
import { type Ledger, LedgerFault } from "../core/ports/ledger.ts"
import type { Millis, Sale } from "../core/sale.ts"

/** How long a reader waits for the ledger. The worker is behind by a fraction of it, or by minutes. */
const CATCH_UP_MAX_MS = 2000
const LOOK_EVERY_MS = 20

/**
 * What replicas use on the stack: the store decides, the ledger remembers. A list read from the ledger holds everything
 * that the store had when it was asked for.
 */
export class StackInventory implements Inventory {
  constructor(
    private readonly inventory: HotInventory,
    private readonly ledger: Ledger,
    private readonly patienceMs: Millis = CATCH_UP_MAX_MS,
  ) {}

  decide(commands: readonly Command[]): Promise<Answer[]> {
    return this.inventory.decide(commands)
  }

  sales(): Promise<Sale[]> {
    return this.inventory.sales()
  }

  /** The store has the latest state; the ledger, orders that the store has lost. */
  async order(orderId: string): Promise<Order | undefined> {
    return (await this.inventory.order(orderId)) ?? (await this.#ask(() => this.ledger.order(orderId)))
  }

  async orders(saleId: string, after: number, limit: number): Promise<Order[]> {
    return this.#ask(async () => {
      await this.#caughtUp(saleId)
      return this.ledger.orders(saleId, after, limit)
    })
  }

  async facts(saleId: string, after: number, limit: number): Promise<Fact[]> {
    return this.#ask(async () => {
      await this.#caughtUp(saleId)
      return this.ledger.facts(saleId, after, limit)
    })
  }

  watch(listener: (notice: Notice) => void): () => void {
    return this.inventory.watch(listener)
  }

  async close(): Promise<void> {
    await this.inventory.close()
    await this.ledger.close()
  }

  /** Waits until the ledger has what the store has now. */
  async #caughtUp(saleId: string): Promise<void> {
    const { sales } = await this.inventory.heads()
    const wanted = sales.find(head => head.saleId === saleId)?.seq ?? 0
    const until = performance.now() + this.patienceMs
    for (;;) {
      const held = (await this.ledger.cursors()).find(cursor => cursor.saleId === saleId)?.seq ?? 0
      if (held >= wanted) return
      if (performance.now() >= until) {
        throw new InventoryFault(
          `The ledger is behind: ${wanted - held} of ${wanted} facts; try again in a moment.`,
          true,
        )
      }
      await new Promise(resolve => setTimeout(resolve, LOOK_EVERY_MS))
    }
  }

  /** Nothing is changed by reading, so a ledger that cannot be read is a certain fault. */
  async #ask<Value>(read: () => Promise<Value>): Promise<Value> {
    try {
      return await read()
    } catch (error) {
      throw error instanceof LedgerFault ? new InventoryFault(error.message, true) : error
    }
  }
}
