import { copyOf, type Sale } from "../../core/sale.ts"
import type { KeptOrder } from "./customers.ts"
import type { OpenSale } from "./open-sale.ts"
import type { Statements } from "./statements.ts"

/** Facts that wait for the tables. Each takes about half a kilobyte of memory, and a start after a crash reads them again. */
export const UNFOLDED_MAX = 100_000
/** Facts of a sale that are folded together, about 3 ms of work. */
const STRETCH_MAX = 1000

/** A stretch of one sale's journal that the tables do not have: its orders' states, and the sale after it. */
interface Stretch {
  open: OpenSale
  sale: Sale
  changes: readonly KeptOrder[]
}

/** Carries what the journal says into the tables of orders, stock and sales, later than the transactions that decide. */
export class Folding {
  /** Sales that have facts which are in no stretch yet. */
  readonly #behind = new Set<OpenSale>()
  #stretches: Stretch[] = []
  #unfolded = 0

  constructor(
    private readonly statements: Statements,
    private readonly unfoldedMax: number,
  ) {}

  /** The sale has so many more facts than before. A new sale gets into its table at once, so that everybody finds it. */
  add(open: OpenSale, facts: number): void {
    this.#unfolded += facts
    if (open.foldedSeq === 0) this.#write(stretchOf(open))
    else if (open.orders.changes >= STRETCH_MAX) this.#cut(open)
    else this.#behind.add(open)
  }

  /** Folds until no more facts wait than may. */
  foldSurplus(): void {
    while (this.#unfolded > this.unfoldedMax) this.#foldNext()
  }

  /** Folds at least so many facts, if as many wait. */
  fold(facts: number): void {
    const target = Math.max(0, this.#unfolded - facts)
    while (this.#unfolded > target) this.#foldNext()
  }

  clear(): void {
    this.#behind.clear()
    this.#stretches = []
    this.#unfolded = 0
  }

  #foldNext(): void {
    if (this.#stretches.length === 0) for (const open of this.#behind) this.#cut(open)
    this.#write(this.#stretches.shift()!)
  }

  #cut(open: OpenSale): void {
    this.#behind.delete(open)
    this.#stretches.push(stretchOf(open))
  }

  #write({ open, sale, changes }: Stretch): void {
    const last = new Map(changes.map(kept => [kept.createdSeq, kept]))
    this.statements.putOrders(sale.number, [...last.values()])
    this.statements.putSale(sale)
    open.orders.folded(changes, sale.seq)
    this.#unfolded -= sale.seq - open.foldedSeq
    open.foldedSeq = sale.seq
  }
}

/** Everything that the sale's last stretch does not have. */
function stretchOf(open: OpenSale): Stretch {
  return { open, sale: copyOf(open.sale), changes: open.orders.takeChanges() }
}
