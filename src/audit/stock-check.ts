import type { Fact } from "../wire/wire.ts"
import { Check, counted } from "./check.ts"
import type { Booking } from "./journal-order.ts"
import type { Offer } from "./terms.ts"
import { Timeline } from "./timeline.ts"

export interface Units {
  total: number
  free: number
  held: number
  sold: number
}

type Pile = "free" | "held" | "sold"

interface Shelf {
  /** As the transitions alone make it, whatever the facts claim. */
  units: Units
  /** How far the last fact's own counters were from that. */
  drift: string
  overTime: Timeline
}

/** I1 and I2: units move between piles and neither appear nor vanish, and never more are given away than there are. */
export class Stock {
  readonly #conserve = new Check("I1 conserve")
  readonly #oversell = new Check("I2 no oversell")
  readonly #shelves = new Map<string, Shelf>()
  #moves = 0
  #unknown = 0

  /** `withTime` keeps what was free at every fact, for answers to be compared with. */
  constructor(private readonly withTime: boolean) {}

  stocked(fact: Fact, offer: Offer | undefined): void {
    const sku = fact.sku ?? ""
    const units = fact.quantity ?? 0
    if (!offer) this.#conserve.fails(`fact ${fact.seq} stocks ${sku}, which the sale does not offer`)
    else if (!this.#shelves.has(sku) && units !== offer.total) {
      this.#conserve.fails(`fact ${fact.seq} stocks ${units} of ${sku}, the sale was created with ${offer.total}`)
    }
    const shelf = this.#transactionOf(sku)
    shelf.units.total += units
    shelf.units.free += units
    this.#compare(fact, shelf)
  }

  /** An order's units go to where the fact says, from where the order had them; a new order takes them from the free. */
  moved(fact: Fact, booking: Booking | undefined): void {
    const shelf = this.#transactionOf(fact.sku ?? "")
    const { units } = shelf
    const quantity = fact.quantity ?? 0
    const to: Pile = fact.kind === "released" ? "free" : fact.kind === "held" ? "held" : "sold"
    const from: Pile = booking && fact.kind !== "held" ? "held" : fact.kind === "released" ? "held" : "free"
    if (quantity < 1) this.#conserve.fails(`fact ${fact.seq} moves ${quantity} units`)
    units[from] -= quantity
    units[to] += quantity
    this.#moves++
    if (from === "free" && units.free < 0) {
      const given = `${units.held + units.sold} given away of ${units.total}`
      this.#oversell.fails(`fact ${fact.seq} (order ${fact.orderId}) takes ${quantity} of ${fact.sku}: ${given}`)
    }
    this.#compare(fact, shelf)
  }

  /**
   * A kind that a newer build wrote. What it does to the stock is not known here, so that its own counters are taken as
   * they are, and the result says so.
   */
  unknown(fact: Fact): void {
    this.#unknown++
    const { seq, kind, sku, free, held, sold } = fact
    if (sku === undefined || free === undefined || held === undefined || sold === undefined) return
    if (Math.min(free, held, sold) < 0) {
      this.#conserve.fails(`fact ${seq} (${kind}) leaves ${sku} at ${free} free, ${held} held, ${sold} sold`)
    }
    const shelf = this.#transactionOf(sku)
    shelf.units = { total: free + held + sold, free, held, sold }
    this.#compare(fact, shelf)
  }

  /** A difference is told when it begins and when it changes, not for every fact that inherits it. */
  #compare(fact: Fact, shelf: Shelf): void {
    const { units } = shelf
    const { free = Number.NaN, held = Number.NaN, sold = Number.NaN } = fact
    const drift = [free - units.free, held - units.held, sold - units.sold].join("/")
    if (drift !== shelf.drift || Math.min(free, held, sold) < 0) {
      const wanted = `${units.free} free, ${units.held} held, ${units.sold} sold`
      this.#conserve.fails(
        `fact ${fact.seq} leaves ${fact.sku} at ${free} free, ${held} held, ${sold} sold instead of ${wanted}`,
      )
    }
    shelf.drift = drift
    if (this.withTime) shelf.overTime.add(fact.seq, units.free, units.held)
  }

  #transactionOf(sku: string): Shelf {
    const known = this.#shelves.get(sku)
    if (known) return known
    const shelf = { units: { total: 0, free: 0, held: 0, sold: 0 }, drift: "0/0/0", overTime: new Timeline() }
    this.#shelves.set(sku, shelf)
    return shelf
  }

  /** What was free and held of an item when `seq` was the last fact. */
  at(sku: string, seq: number): { free: number; held: number } {
    return this.#shelves.get(sku)?.overTime.at(seq) ?? { free: 0, held: 0 }
  }

  units(): Map<string, Units> {
    return new Map([...this.#shelves].map(([sku, { units }]) => [sku, { ...units }]))
  }

  results() {
    const totals = [...this.#shelves.values()].map(({ units }) => units)
    const given = totals.reduce((sum, { held, sold }) => sum + held + sold, 0)
    const total = totals.reduce((sum, units) => sum + units.total, 0)
    const unknown =
      this.#unknown > 0 ? `; ${counted(this.#unknown, "fact")} of kinds that this audit does not know` : ""
    return [
      this.#conserve.result(`free + held + sold = total after each of ${counted(this.#moves, "move")}${unknown}`),
      this.#oversell.result(`${given.toLocaleString("en")} of ${counted(total, "unit")} given away`),
    ]
  }

  violations(): string[] {
    return [...this.#conserve.violations(), ...this.#oversell.violations()]
  }
}
