import type { Answer, Command } from "../command.ts"
import type { CustomerFilter } from "../customer-index.ts"
import type { Fact } from "../fact.ts"
import type { Order } from "../order.ts"
import type { Sale } from "../sale.ts"

/** What a watcher is told: a sale as it is now and, once every unit is sold, who may hold an order in it. */
export interface Notice {
  sale: Sale
  holders?: CustomerFilter
  /** By `performance.now()`: no refusal from memory is allowed after it. Absent where every change is told in time. */
  until?: number
}

/**
 * The store that decides. Every one passes the same contract suite. A refusal is an answer; a fault (the store is
 * away, the disk is full) rejects the promise with an `InventoryFault` that says whether anything may have happened.
 */
export interface Inventory {
  /** One atomic call: each command has its own answer, at its own place, in order. */
  decide(commands: readonly Command[]): Promise<Answer[]>
  sales(): Promise<Sale[]>
  order(orderId: string): Promise<Order | undefined>
  /** Orders of a sale whose creating fact is later than `after`, in order of creation. */
  orders(saleId: string, after: number, limit: number): Promise<Order[]>
  facts(saleId: string, after: number, limit: number): Promise<Fact[]>
  /** Calls `listener` with each sale now and after every change that it can keep up with. Returns the way to stop. */
  watch(listener: (notice: Notice) => void): () => void
  close(): Promise<void>
}

/** If `certain`, the call had no effect; otherwise its effect is unknown. */
export class InventoryFault extends Error {
  override name = "InventoryFault"
  constructor(
    message: string,
    readonly certain: boolean,
  ) {
    super(message)
  }
}
