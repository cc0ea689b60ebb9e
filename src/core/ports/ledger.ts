import type { CommandKey } from "../command.ts"
import type { Fact } from "../fact.ts"
import type { Order } from "../order.ts"
import type { Sale } from "../sale.ts"
import type { Seals } from "./seals.ts"

/** The last fact of a sale that the ledger holds. The ledger rejects writers of an older epoch. */
export interface Cursor {
  saleId: string
  seq: number
  hash: string
  epoch: number
}

/**
 * Why the ledger failed: it cannot be reached, another writer leads, the facts do not follow its last one, or its setup
 * is unsafe. Only after `away` may it have stored the facts; append the same facts again.
 */
export type LedgerFaultKind = "away" | "fenced" | "conflict" | "unfit"

export class LedgerFault extends Error {
  override name = "LedgerFault"
  constructor(
    readonly kind: LedgerFaultKind,
    message: string,
  ) {
    super(message)
  }
}

/** At most one worker leads. When it disposes of its leadership, another worker can lead. */
export interface Leadership extends AsyncDisposable {
  /** Aborts as soon as this worker knows that another one may lead. */
  readonly lost: AbortSignal
}

/** The permanent record. The inventory can be rebuilt from it. It also serves reads that need not be fast. */
export interface Ledger extends AsyncDisposable {
  readonly seals: Seals
  /** The identity of the system that the ledger belongs to; undefined if it has never met a store. */
  systemId(): Promise<string | undefined>
  /** Makes the ledger part of this system unless it belongs to one. Resolves to the system that it belongs to then. */
  claim(systemId: string): Promise<string>
  cursors(): Promise<Cursor[]>
  /** Every sale after the last of its facts that the ledger holds. */
  sales(): Promise<Sale[]>
  order(orderId: string): Promise<Order | undefined>
  /** The orders of a sale that were created after the fact `after`, in order of creation. */
  orders(saleId: string, after: number, limit: number): Promise<Order[]>
  facts(saleId: string, after: number, limit: number): Promise<Fact[]>
  /** The keys of administrators' commands that the sale's facts keep. */
  commandKeys(saleId: string): Promise<CommandKey[]>
  /**
   * Stores the facts of one sale and moves its cursor in one transaction. The facts must follow the cursor without a
   * gap, by number and by hash. Facts that the ledger already holds are only compared.
   */
  append(sale: { id: string; number: number }, epoch: number, facts: readonly Fact[]): Promise<void>
  /** Lets only writers of this epoch or a later one append from now on. It must be higher than every earlier epoch. */
  fence(sale: { id: string; number: number }, epoch: number): Promise<void>
  /** Resolves to undefined if another worker leads. */
  tryLead(): Promise<Leadership | undefined>
}
