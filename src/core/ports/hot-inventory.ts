import type { CommandKey } from "../command.ts"
import type { Order } from "../order.ts"
import type { Sale } from "../sale.ts"
import type { Inventory } from "./inventory.ts"

/** The end of a sale's chain in the store. A sale that the store has lost has no head. */
export interface Head {
  saleId: string
  /** The sale's number in order ids. */
  number: number
  /** The number of the last fact. */
  seq: number
  hash: string
  epoch: number
  /** The ledger holds the facts up to this number, so the store may have deleted them. */
  ledgerSeq: number
  /** Whether the gate is open: a worker has compared the store with the ledger since the store's process started. */
  isOpen: boolean
}

export interface Heads {
  sales: Head[]
  /** Whether new sales may be created, because a worker has compared the list of sales with the ledger's. */
  isOpen: boolean
}

/**
 * An inventory with a separate ledger. Its process may end and lose data. Afterwards it answers `reconciling` until a
 * worker has compared it with the ledger and opened its gate.
 */
export interface HotInventory extends Inventory {
  /** The identity of the system that the store belongs to. Undefined if it has never met a ledger, or lost everything. */
  systemId(): Promise<string | undefined>
  /** Makes the store part of this system unless it belongs to one. Resolves to the system that it belongs to then. */
  claim(systemId: string): Promise<string>
  heads(): Promise<Heads>
  /**
   * Calls `listener` when `heads` or `sales` may show something else than they showed last. Returns a function that stops. Absent if
   * the store does not tell.
   */
  onNews?(listener: () => void): () => void
  /** Tells the store that the ledger holds the facts up to `seq`, so the store may delete them. It keeps the orders. */
  trim(saleId: string, seq: number): Promise<void>
  /** The epoch to open the gate with. It is a new one unless the store's process still runs that last opened it. */
  nextEpoch(head: Head): Promise<number>
  /** Opens the gate if the sale is still at `head`. Resolves to false if it has changed or is gone. */
  open(head: Head, epoch: number): Promise<boolean>
  /** Allows new sales to be created. */
  openList(): Promise<void>
  /** Replaces the sale in the store by the ledger's copy of it, with the keys of administrators' commands. The gate stays closed. */
  rebuild(sale: Sale, epoch: number, orders: AsyncIterable<Order[]>, commands: readonly CommandKey[]): Promise<void>
}
