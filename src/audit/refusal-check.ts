import type { ChainCheck } from "./chain-check.ts"
import { Check, counted } from "./check.ts"
import { type Completion, describeRequest, type Invocation } from "./history.ts"
import { isHeld, type JournalOrder, releasesAt, stateAt, unitsAt } from "./journal-order.ts"
import type { OrderIndex } from "./order-index.ts"
import type { StockCheck, Units } from "./stock-check.ts"
import { RELEASES_ALLOWED, type Terms, type TermsHistory } from "./terms.ts"

interface Journal {
  chain: ChainCheck
  terms: TermsHistory
  stock: StockCheck
  orders: OrderIndex
}

/** I3: every unit is free or belongs to an order, and the journal confirms every refusal. */
export class RefusalCheck {
  readonly #check = new Check("I3 no leak")
  #witnessed = 0

  constructor(private readonly journal: Journal) {}

  /** A refusal names the last fact that it was based on. Its outcome must be true there, and no outcome that takes precedence may be. */
  refused(invocation: Invocation, completion: Completion): void {
    const { code = "", seq } = completion
    const stockWord = code === "sold_out" || code === "all_held"
    if (seq === undefined) {
      if (stockWord)
        this.#check.fails(
          `${describeRequest(invocation, completion)} was refused as ${code}, but the answer names no fact`,
        )
      return
    }
    if (seq > this.journal.chain.seq) {
      this.#check.fails(
        `${describeRequest(invocation, completion)} was refused as of fact ${seq}, which is not in the journal`,
      )
      return
    }
    this.#witnessed++
    const terms = this.journal.terms.at(seq)
    const fault = terms ? this.#faultOf(code, invocation, seq, terms) : "the sale did not exist yet"
    if (fault)
      this.#check.fails(
        `${describeRequest(invocation, completion)} was refused as ${code} at fact ${seq}, but ${fault}`,
      )
  }

  #faultOf(code: string, { customer, sku, quantity }: Invocation, seq: number, terms: Terms): string | undefined {
    const units = unitsAt(this.journal.orders.customer(customer), seq)
    const limited = units + quantity > terms.limitPerCustomer
    const releases = releasesAt(this.journal.orders.customer(customer), seq)
    const { free, held } = this.journal.stock.at(sku, seq)
    switch (code) {
      case "sale_paused":
        return terms.standing === "paused" ? undefined : `the sale was ${terms.standing}`
      case "sale_closed":
        return terms.standing === "closed" || terms.closesAt !== undefined
          ? undefined
          : `the sale was ${terms.standing} and has no closing time`
      case "sale_not_open":
        return terms.standing === "active" ? undefined : `the sale was ${terms.standing}`
      case "limit_reached":
        if (limited || releases >= (terms.maxReleases ?? RELEASES_ALLOWED)) return undefined
        return `${units} + ${quantity} do not exceed ${terms.limitPerCustomer}`
      case "all_held":
      case "sold_out":
        if (limited) return `limit_reached takes precedence: ${units} + ${quantity} exceed ${terms.limitPerCustomer}`
        if (terms.maxReleases !== undefined && releases >= terms.maxReleases) {
          return `limit_reached takes precedence: ${counted(releases, "order")} had been released`
        }
        if (free >= quantity) return `${counted(free, "unit")} of ${sku} ${free === 1 ? "was" : "were"} free`
        if (free + held >= quantity !== (code === "all_held")) return `${free} of ${sku} were free and ${held} held`
        return undefined
      default:
        return undefined
    }
  }

  /** Compares the held and sold units with the orders, whose units `owed` adds up. */
  result(owed: OwedUnits, units: Map<string, Units>, withHistory: boolean) {
    for (const [sku, { held, sold }] of units) {
      const sum = owed.get(sku) ?? { held: 0, sold: 0 }
      if (held !== sum.held) this.#check.fails(`${held} units of ${sku} are held, but orders hold ${sum.held}`)
      if (sold !== sum.sold) this.#check.fails(`${sold} units of ${sku} are sold, but orders bought ${sum.sold}`)
    }
    const answers = withHistory
      ? `${counted(this.#witnessed, "refusal")} true at the fact they name`
      : "answers not checked: no history was given"
    return this.#check.result(`every unit is free or with an order; ${answers}`)
  }

  violations(): string[] {
    return this.#check.violations()
  }
}

/** The units of each item that orders hold and have bought. */
export type OwedUnits = Map<string, { held: number; sold: number }>

export function unitsOwed(orders: Iterable<JournalOrder>): OwedUnits {
  const owed: OwedUnits = new Map()
  for (const order of orders) {
    const sum = owed.get(order.sku) ?? { held: 0, sold: 0 }
    if (isHeld(order)) sum.held += order.quantity
    else if (stateAt(order, Number.POSITIVE_INFINITY) === "confirmed") sum.sold += order.quantity
    owed.set(order.sku, sum)
  }
  return owed
}
