import type { Answer, Command } from "../command.ts"
import type { CustomerFilter } from "../customer-index.ts"
import type { Fact } from "../fact.ts"
import type { Order } from "../order.ts"
import type { Millis, Sale } from "../sale.ts"
import type { ClockStatus } from "./clock.ts"

/**
 * A message to a watcher: the sale as it is now and, while only an administrator can change it (`isQuiet`), which
 * customers may hold an order.
 */
export interface Notice {
  sale: Sale
  holders?: CustomerFilter
  /** While it lasts a replica may refuse from memory. Absent if the store reports every change in time. */
  lease?: Lease
}

/** How long a notice may be relied on. It is renewed while it is asked for, and ends as soon as the sale may have changed. */
export interface Lease {
  /** A time by this process's monotonic clock; one that has passed means that the store must be asked. */
  until(): number
  /** The store's time when it last showed that the sale is as the notice says. */
  at(): Millis
}

/**
 * The store that decides. All stores pass the same contract suite. A refusal is an answer. A fault (the store cannot be
 * reached, the disk is full) rejects with an `InventoryFault` that states whether the call may have had an effect.
 */
export interface Inventory {
  /** Decides all commands in one atomic call, in order. Each answer has the index of its command. */
  decide(commands: readonly Command[]): Promise<Answer[]>
  /** Whether a few large calls are better than many small ones at once. */
  readonly prefersFewCalls?: boolean
  sales(): Promise<Sale[]>
  order(orderId: string): Promise<Order | undefined>
  /** The orders of a sale that were created after the fact `after`, in order of creation. */
  orders(saleId: string, after: number, limit: number): Promise<Order[]>
  facts(saleId: string, after: number, limit: number): Promise<Fact[]>
  /**
   * Resolves once every replica shows what has been decided until now, or knows that it must read it: see `refreshed`.
   * Absent if `decide` waits for that.
   */
  shown?(): Promise<void>
  /** Resolves once watchers have heard of every change that `shown` answers for, or soon after the store failed to tell. */
  refreshed?(): Promise<void>
  /** Calls `listener` with each sale now and after its changes, which may be merged. Returns a function that stops. */
  watch(listener: (notice: Notice) => void): () => void
  /**
   * A time by `performance.now()` until which a sale that no notice named certainly does not exist. Absent if a notice of
   * a new sale may come later than the answer to its creation.
   */
  namesAllUntil?(): number
  /** How the clock is by which the store decides. While it is in doubt every answer is `reconciling`. */
  clock(): Promise<ClockStatus>
  [Symbol.asyncDispose](): Promise<void>
}

/** If `certain`, the call had no effect. Otherwise its effect is unknown. */
export class InventoryFault extends Error {
  override name = "InventoryFault"
  constructor(
    message: string,
    readonly certain: boolean,
  ) {
    super(message)
  }
}
