import type { Chain } from "./chain-check.ts"
import { Check, counted } from "./check.ts"
import { type Invoke, naming, type Reply } from "./history.ts"
import { type Booking, isHeld, stateAt, unitsAt } from "./journal-order.ts"
import type { Orders } from "./order-index.ts"
import type { Stock, Units } from "./stock-check.ts"
import type { Terms, TermsOverTime } from "./terms.ts"

interface Journal {
  chain: Chain
  terms: TermsOverTime
  stock: Stock
  orders: Orders
}

/** I3: no unit is lost to an order that does not exist, and "no" was said only when the journal shows it was true. */
export class Refusals {
  readonly #check = new Check("I3 no leak")
  #witnessed = 0

  constructor(private readonly journal: Journal) {}

  /** Each refusal names the fact after which it was decided: there the word must be true, and the first that is. */
  refused(invoke: Invoke, reply: Reply): void {
    const { code = "", seq } = reply
    const stockWord = code === "sold_out" || code === "all_held"
    if (seq === undefined) {
      if (stockWord)
        this.#check.fails(`${naming(invoke, reply)} was refused as ${code} without saying as of which fact`)
      return
    }
    if (seq > this.journal.chain.seq) {
      this.#check.fails(`${naming(invoke, reply)} was refused as of fact ${seq}, which the journal does not have`)
      return
    }
    this.#witnessed++
    const terms = this.journal.terms.at(seq)
    const fault = terms ? this.#faultOf(code, invoke, seq, terms) : "there was no sale yet"
    if (fault) this.#check.fails(`${naming(invoke, reply)} was refused as ${code} at fact ${seq}, but ${fault}`)
  }

  #faultOf(code: string, { customer, sku, quantity }: Invoke, seq: number, terms: Terms): string | undefined {
    const units = unitsAt(this.journal.orders.customer(customer), seq)
    const limited = units + quantity > terms.limitPerCustomer
    const { free, held } = this.journal.stock.at(sku, seq)
    switch (code) {
      case "sale_paused":
        return terms.standing === "paused" ? undefined : `the sale was ${terms.standing}`
      case "sale_closed":
        return terms.standing === "closed" || terms.closesAt !== undefined ? undefined : "it was not"
      case "sale_not_open":
        return terms.standing === "active" ? undefined : `the sale was ${terms.standing}`
      case "limit_reached":
        return limited ? undefined : `${units} + ${quantity} do not exceed ${terms.limitPerCustomer}`
      case "all_held":
      case "sold_out":
        if (limited) return `limit_reached comes first: ${units} + ${quantity} exceed ${terms.limitPerCustomer}`
        if (free >= quantity) return `${free} were free`
        if (free + held >= quantity !== (code === "all_held")) return `${free} were free and ${held} held`
        return undefined
      default:
        return undefined
    }
  }

  /** At any rest: the held and the sold are those of orders, none more, none less. */
  result(orders: Iterable<Booking>, units: Map<string, Units>, withHistory: boolean) {
    const owed = new Map<string, { held: number; sold: number }>()
    for (const booking of orders) {
      const sum = owed.get(booking.sku) ?? { held: 0, sold: 0 }
      if (isHeld(booking)) sum.held += booking.quantity
      else if (stateAt(booking, Number.POSITIVE_INFINITY) === "confirmed") sum.sold += booking.quantity
      owed.set(booking.sku, sum)
    }
    for (const [sku, { held, sold }] of units) {
      const sum = owed.get(sku) ?? { held: 0, sold: 0 }
      if (held !== sum.held) this.#check.fails(`${held} units of ${sku} are held, orders hold ${sum.held}`)
      if (sold !== sum.sold) this.#check.fails(`${sold} units of ${sku} are sold, orders bought ${sum.sold}`)
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
