import type { AuditReport, Fact } from "../wire/wire.ts"
import { Check, counted } from "./check.ts"
import type { JournalOrder } from "./journal-order.ts"
import type { Offer } from "./terms.ts"

export interface Units {
  total: number
  free: number
  held: number
  sold: number
}

type UnitState = "free" | "held" | "sold"

interface ItemStock {
  /** The sum of the transitions, regardless of the counters in the facts. */
  units: Units
  /** The difference between the last fact's counters and `units`. */
  drift: string
  overTime: StockTimeline
}

/** I1 and I2: units only move between free, held and sold, and no more units are sold or held than exist. */
export class StockCheck {
  readonly #conserve = new Check("I1 conserve")
  readonly #oversell = new Check("I2 no oversell")
  readonly #items = new Map<string, ItemStock>()
  #moves = 0
  #unknown = 0

  /** `withTime` keeps the free and held units after every fact, so that answers can be compared with them. */
  constructor(private readonly withTime: boolean) {}

  stocked(fact: Fact, offer: Offer | undefined): void {
    const sku = fact.sku ?? ""
    const units = fact.quantity ?? 0
    if (!offer) this.#conserve.fails(`fact ${fact.seq} stocks ${sku}, which the sale does not offer`)
    else if (!this.#items.has(sku) && units !== offer.total) {
      this.#conserve.fails(`fact ${fact.seq} stocks ${units} of ${sku}, but the sale was created with ${offer.total}`)
    }
    const stock = this.#stockOf(sku)
    stock.units.total += units
    stock.units.free += units
    this.#compare(fact, stock)
  }

  /** Moves an order's units to the state that the fact names. A new order takes them from the free units. */
  moved(fact: Fact, order: JournalOrder | undefined): void {
    const stock = this.#stockOf(fact.sku ?? "")
    const { units } = stock
    const quantity = fact.quantity ?? 0
    const to: UnitState = fact.kind === "released" ? "free" : fact.kind === "held" ? "held" : "sold"
    const from: UnitState = order && fact.kind !== "held" ? "held" : fact.kind === "released" ? "held" : "free"
    if (quantity < 1) this.#conserve.fails(`fact ${fact.seq} moves ${quantity} units`)
    units[from] -= quantity
    units[to] += quantity
    this.#moves++
    if (from === "free" && units.free < 0) {
      const given = `${units.held + units.sold} of ${units.total} are held or sold`
      this.#oversell.fails(
        `fact ${fact.seq} (order ${fact.orderId}) takes ${quantity} of ${fact.sku}, and then ${given}`,
      )
    }
    this.#compare(fact, stock)
  }

  /**
   * Handles a fact of a kind that only a newer build knows. Its effect on the stock is unknown, so the audit accepts its
   * counters, and the result says so.
   */
  unknown(fact: Fact): void {
    this.#unknown++
    const { seq, kind, sku, free, held, sold } = fact
    if (sku === undefined || free === undefined || held === undefined || sold === undefined) return
    if (Math.min(free, held, sold) < 0) {
      this.#conserve.fails(`fact ${seq} (${kind}) leaves ${sku} at ${free} free, ${held} held, ${sold} sold`)
    }
    const stock = this.#stockOf(sku)
    stock.units = { total: free + held + sold, free, held, sold }
    this.#compare(fact, stock)
  }

  /** Reports a difference when it appears and when it changes, but not for every later fact. */
  #compare(fact: Fact, stock: ItemStock): void {
    const { units } = stock
    const { free = Number.NaN, held = Number.NaN, sold = Number.NaN } = fact
    const drift = [free - units.free, held - units.held, sold - units.sold].join("/")
    if (drift !== stock.drift || Math.min(free, held, sold) < 0) {
      const wanted = `${units.free} free, ${units.held} held, ${units.sold} sold`
      this.#conserve.fails(
        `fact ${fact.seq} leaves ${fact.sku} at ${free} free, ${held} held, ${sold} sold instead of ${wanted}`,
      )
    }
    stock.drift = drift
    if (this.withTime) stock.overTime.add(fact.seq, units.free, units.held)
  }

  #stockOf(sku: string): ItemStock {
    const known = this.#items.get(sku)
    if (known) return known
    const stock = { units: { total: 0, free: 0, held: 0, sold: 0 }, drift: "0/0/0", overTime: new StockTimeline() }
    this.#items.set(sku, stock)
    return stock
  }

  /** The free and held units of an item when `seq` was the last fact. */
  at(sku: string, seq: number): { free: number; held: number } {
    return this.#items.get(sku)?.overTime.at(seq) ?? { free: 0, held: 0 }
  }

  units(): Map<string, Units> {
    return new Map([...this.#items].map(([sku, { units }]) => [sku, { ...units }]))
  }

  /** All items together. An oversold item has fewer than zero units free, but a report shows no negative numbers. */
  totals(orders: number): AuditReport["totals"] {
    const totals = { total: 0, free: 0, held: 0, sold: 0, orders }
    for (const { units } of this.#items.values()) {
      totals.total += units.total
      totals.free += Math.max(0, units.free)
      totals.held += Math.max(0, units.held)
      totals.sold += units.sold
    }
    return totals
  }

  results() {
    const totals = [...this.#items.values()].map(({ units }) => units)
    const given = totals.reduce((sum, { held, sold }) => sum + held + sold, 0)
    const total = totals.reduce((sum, units) => sum + units.total, 0)
    const unknown =
      this.#unknown > 0 ? `; ${counted(this.#unknown, "fact")} of kinds that this audit does not know` : ""
    return [
      this.#conserve.result(`free + held + sold = total after each of ${counted(this.#moves, "move")}${unknown}`),
      this.#oversell.result(`${given.toLocaleString("en")} of ${counted(total, "unit")} held or sold`),
    ]
  }

  violations(): string[] {
    return [...this.#conserve.violations(), ...this.#oversell.violations()]
  }
}

/** The free and held units of one item after each fact that moved some of them. */
class StockTimeline {
  readonly #seqs: number[] = []
  readonly #free: number[] = []
  readonly #held: number[] = []

  add(seq: number, free: number, held: number): void {
    this.#seqs.push(seq)
    this.#free.push(free)
    this.#held.push(held)
  }

  /** The units after the last move that is not later than `seq`. */
  at(seq: number): { free: number; held: number } {
    let low = 0
    let high = this.#seqs.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#seqs[middle] ?? 0) <= seq) low = middle + 1
      else high = middle
    }
    return { free: this.#free[low - 1] ?? 0, held: this.#held[low - 1] ?? 0 }
  }
}
