import type { Answer, Command } from "../core/command.ts"
import type { Fact } from "../core/fact.ts"
import type { Order } from "../core/order.ts"
import type { ClockStatus } from "../core/ports/clock.ts"
import type { HotInventory } from "../core/ports/hot-inventory.ts"
import { type Inventory, InventoryFault, type Notice } from "../core/ports/inventory.ts"
import { type Ledger, LedgerFault } from "../core/ports/ledger.ts"
import type { Millis, Sale } from "../core/sale.ts"
import { sleep, systemTime, type Time } from "../runtime/time.ts"

/** How long a list waits for the ledger. The worker's lag is usually a fraction of this, and minutes when something fails. */
const CATCH_UP_MAX_MS = 2000
const CHECK_EVERY_MS = 20

/**
 * The inventory of a replica of the stack: the hot store decides, the ledger remembers. Lists are read from the ledger and
 * contain everything that the store had when they were requested.
 */
export class StackInventory implements Inventory {
  /** A call has a price of its own in the client, the store and its journal. */
  readonly prefersFewCalls = true

  constructor(
    private readonly inventory: HotInventory,
    private readonly ledger: Ledger,
    private readonly catchUpMaxMs: Millis = CATCH_UP_MAX_MS,
    private readonly time: Time = systemTime,
  ) {}

  decide(commands: readonly Command[]): Promise<Answer[]> {
    return this.inventory.decide(commands)
  }

  sales(): Promise<Sale[]> {
    return this.inventory.sales()
  }

  /** The store has the latest state of an order; the ledger also has the orders that the store has lost. */
  async order(orderId: string): Promise<Order | undefined> {
    return (await this.inventory.order(orderId)) ?? (await this.#read(() => this.ledger.order(orderId)))
  }

  async orders(saleId: string, after: number, limit: number): Promise<Order[]> {
    return this.#read(async () => {
      await this.#waitForLedger(saleId)
      return this.ledger.orders(saleId, after, limit)
    })
  }

  async facts(saleId: string, after: number, limit: number): Promise<Fact[]> {
    return this.#read(async () => {
      await this.#waitForLedger(saleId)
      return this.ledger.facts(saleId, after, limit)
    })
  }

  async shown(): Promise<void> {
    await this.inventory.shown?.()
  }

  async refreshed(): Promise<void> {
    await this.inventory.refreshed?.()
  }

  clock(): Promise<ClockStatus> {
    return this.inventory.clock()
  }

  watch(listener: (notice: Notice) => void): () => void {
    return this.inventory.watch(listener)
  }

  namesAllUntil(): number {
    return this.inventory.namesAllUntil?.() ?? Number.NEGATIVE_INFINITY
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.inventory[Symbol.asyncDispose]()
    await this.ledger[Symbol.asyncDispose]()
  }

  /** Resolves once the ledger has the facts that the store has now. */
  async #waitForLedger(saleId: string): Promise<void> {
    const { sales } = await this.inventory.heads()
    const storeSeq = sales.find(head => head.saleId === saleId)?.seq ?? 0
    const until = this.time.monotonic() + this.catchUpMaxMs
    for (;;) {
      const ledgerSeq = (await this.ledger.cursors()).find(cursor => cursor.saleId === saleId)?.seq ?? 0
      if (ledgerSeq >= storeSeq) return
      if (this.time.monotonic() >= until) {
        throw new InventoryFault(
          `The ledger is behind: ${storeSeq - ledgerSeq} of ${storeSeq} facts; try again in a moment.`,
          true,
        )
      }
      await sleep(CHECK_EVERY_MS, undefined, this.time)
    }
  }

  /** Reading changes nothing, so a ledger that cannot be read is a fault that certainly had no effect. */
  async #read<Value>(read: () => Promise<Value>): Promise<Value> {
    try {
      return await read()
    } catch (error) {
      throw error instanceof LedgerFault ? new InventoryFault(error.message, true) : error
    }
  }
}
