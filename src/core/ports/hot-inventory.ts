import type { Order } from "../order.ts"
import type { Sale } from "../sale.ts"
import type { Inventory } from "./inventory.ts"

/** Where a sale stands in the store. A sale that the store has lost has no head. */
export interface Head {
  saleId: string
  /** The sale's number in order ids. */
  number: number
  /** The last fact. */
  seq: number
  hash: string
  epoch: number
  /** The ledger has the facts up to this one, so the store may have trimmed them. */
  ledgerSeq: number
  /** Whether the gate is open: the process that decides has compared itself with the ledger since it began. */
  isOpen: boolean
}

export interface Heads {
  sales: Head[]
  /** Whether new sales may be created: the list of sales has been compared with the ledger's. */
  isOpen: boolean
}

/**
 * An inventory beside a ledger of its own. Its process may end, and lose what it held; until a worker has compared it
 * with the ledger and opened its gate, it answers `reconciling`.
 */
export interface HotInventory extends Inventory {
  heads(): Promise<Heads>
  /** Tells the store that the ledger has the facts up to `seq`, so that it may delete them. Orders stay. */
  trim(saleId: string, seq: number): Promise<void>
  /** An epoch that no earlier one reaches is needed unless the very process that `head` describes still runs. */
  nextEpoch(head: Head): Promise<number>
  /** Opens the gate if the sale stands where `head` says; false when it has moved or is gone. */
  open(head: Head, epoch: number): Promise<boolean>
  /** Allows new sales to be created. */
  openList(): Promise<void>
  /** Replaces whatever there is of the sale by what the ledger holds. The gate stays closed. */
  rebuild(sale: Sale, epoch: number, orders: AsyncIterable<Order[]>): Promise<void>
}
