import type { Inventory } from "../../../src/core/ports/inventory.ts"
import type { Millis } from "../../../src/core/sale.ts"
import type { Need } from "../programs.ts"

/** A store under test. The test sets its clock. Time passes as the clock rises, and stands still when it is set back. */
export interface Store {
  readonly inventory: Inventory
  /** Sets the store's clock for the next calls. */
  setClock(now: Millis): void
  /** Sets the store's clock by `ms` without any time passing. Absent where no test needs it. */
  stepClock?(ms: Millis): void
  /** Ends the store as a crash would and opens what it kept. Absent where nothing survives. */
  restart?(): Promise<void>
  close(): Promise<void>
}

/** Opens empty stores of one kind, and ends what they share. */
export interface Kind {
  name: string
  /** The programs that its tests need. */
  needs: readonly Need[]
  open(now: Millis): Promise<Store>
  end(): Promise<void>
}
