import type { Fact } from "../wire/wire.ts"
import { Check, counted } from "./check.ts"
import type { Booking } from "./journal-order.ts"
import type { Terms } from "./terms.ts"

/** I4: no customer ever has more units held or confirmed than the limit of that moment, over all items and keys. */
export class Limit {
  readonly #check = new Check("I4 limit")
  #most = 0

  created({ seq }: Fact, { customer, id }: Booking, terms: Terms | undefined): void {
    const limit = terms?.limitPerCustomer ?? 0
    this.#most = Math.max(this.#most, customer.units)
    if (customer.units <= limit) return
    this.#check.fails(`fact ${seq} (order ${id}) gives ${customer.id} ${customer.units} units, the limit is ${limit}`)
  }

  result(customers: number) {
    return this.#check.result(`${counted(customers, "customer")}, at most ${counted(this.#most, "unit")} each`)
  }

  violations(): string[] {
    return this.#check.violations()
  }
}
