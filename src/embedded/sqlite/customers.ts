import { type CustomerFilter, CustomerIndex } from "../../core/customer-index.ts"
import { createdSeq, type Order } from "../../core/order.ts"
import type { Millis } from "../../core/sale.ts"
import type { Customer } from "../../core/store-transaction.ts"

/** An order, and when it was released, if it was. */
export interface KeptOrder {
  createdSeq: number
  order: Order
  releasedAt: Millis | undefined
}

/** What the file says of an order, for the index. `at` is the time of its last fact. */
export type IndexedOrder = Pick<Order, "customerId" | "key" | "quantity" | "state"> & { seq: number; at: Millis }

/** The sum of the orders of a customer who has had several. */
interface Several {
  units: number
  releases: number
  releasedAt: Millis | undefined
  /** The orders that are held or confirmed, as the seqs that created them, the oldest first. */
  standing: number[]
  byKey: Map<string, number>
}

/**
 * The customers of one sale, kept in memory so that an attempt reads at most two orders, however many its customer has
 * had. The index has the first order of each customer; only those with several orders have their sum here too.
 */
export class SaleCustomers {
  readonly #index = new CustomerIndex()
  readonly #several = new Map<number, Several>()
  #released = 0

  /** `kept` reads an order that the index was told of. */
  constructor(private readonly kept: (createdSeq: number) => KeptOrder | undefined) {}

  /** Orders that were released. */
  get released(): number {
    return this.#released
  }

  holders(): CustomerFilter {
    return this.#index.holders()
  }

  customer(customerId: string): Customer | undefined {
    const first = this.#firstOf(customerId)
    if (!first) return undefined
    const several = this.#several.get(first.createdSeq)
    return several ? this.#sumOf(several) : this.#single(first)
  }

  /** A new order. Call it in order of creation, once the file has the order. */
  add(order: IndexedOrder): void {
    const first = this.#firstOf(order.customerId)
    if (order.state === "released") this.#released++
    if (!first) {
      this.#index.add(order.customerId, order.seq)
      return
    }
    const several = this.#several.get(first.createdSeq) ?? this.#startSum(first)
    this.#several.set(first.createdSeq, several)
    count(several, order)
  }

  /** The release of an order that `add` was told of. Call it once the file has the release. */
  release(order: Order, at: Millis): void {
    this.#released++
    const first = this.#firstOf(order.customerId)
    const several = first && this.#several.get(first.createdSeq)
    if (!several) return
    several.units -= order.quantity
    several.releases++
    several.releasedAt = at
    several.standing.splice(several.standing.indexOf(createdSeq(order)), 1)
  }

  /** Customers may share a fingerprint, so the order itself says whose it is. */
  #firstOf(customerId: string): KeptOrder | undefined {
    for (const seq of this.#index.seqsOf(customerId)) {
      const kept = this.kept(seq)
      if (kept?.order.customerId === customerId) return kept
    }
    return undefined
  }

  #single({ order, releasedAt }: KeptOrder): Customer {
    const isReleased = order.state === "released"
    return {
      units: isReleased ? 0 : order.quantity,
      releases: isReleased ? 1 : 0,
      releasedAt,
      first: () => (isReleased ? undefined : order),
      under: key => (order.key === key ? order : undefined),
    }
  }

  #sumOf({ units, releases, releasedAt, standing, byKey }: Several): Customer {
    const orderAt = (seq: number | undefined) => (seq === undefined ? undefined : this.kept(seq)?.order)
    return {
      units,
      releases,
      releasedAt,
      first: () => orderAt(standing[0]),
      under: key => orderAt(byKey.get(key)),
    }
  }

  #startSum({ createdSeq, order, releasedAt }: KeptOrder): Several {
    const several = { units: 0, releases: 0, releasedAt: undefined, standing: [], byKey: new Map() }
    count(several, { ...order, seq: createdSeq, at: releasedAt ?? order.createdAt })
    return several
  }
}

function count(several: Several, { seq, key, quantity, state, at }: IndexedOrder): void {
  several.byKey.set(key, seq)
  if (state === "released") {
    several.releases++
    several.releasedAt = Math.max(several.releasedAt ?? 0, at)
    return
  }
  several.units += quantity
  several.standing.push(seq)
}
