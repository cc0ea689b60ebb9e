import type { Inventory } from "../../../src/core/ports/inventory.ts"
import type { Millis } from "../../../src/core/sale.ts"
import type { Need } from "../programs.ts"

/** A store under test, whose clock the test owns. */
export interface Store {
  readonly inventory: Inventory
  /** What the store's clock says from the next call on. */
  setClock(now: Millis): void
  /** Ends the store as a crash would and opens what it kept. Absent where nothing survives. */
  restart?(): Promise<void>
  close(): Promise<void>
}

/** Opens empty stores of one kind, and ends what they share. */
export interface Kind {
  name: string
  /** Without these its tests are left out. */
  needs: readonly Need[]
  open(now: Millis): Promise<Store>
  end(): Promise<void>
}
