import { type CustomerFilter, CustomerIndex } from "../../core/customer-index.ts"
import { createdSeq, type Order } from "../../core/order.ts"
import type { Millis } from "../../core/sale.ts"
import type { Customer } from "../../core/store-transaction.ts"

/** Reads of the file that this index needs, each of one row. */
export interface OrderRows {
  order(createdSeq: number): Order | undefined
  /** The time of a fact. */
  timeOf(seq: number): Millis
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

  constructor(private readonly rows: OrderRows) {}

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
    const several = this.#several.get(createdSeq(first))
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
    const place = createdSeq(first)
    const several = this.#several.get(place) ?? this.#startSum(first)
    this.#several.set(place, several)
    count(several, order)
  }

  /** The release of an order that `add` was told of. Call it once the file has the release. */
  release(order: Order, at: Millis): void {
    this.#released++
    const first = this.#firstOf(order.customerId)
    const several = first && this.#several.get(createdSeq(first))
    if (!several) return
    several.units -= order.quantity
    several.releases++
    several.releasedAt = at
    several.standing.splice(several.standing.indexOf(createdSeq(order)), 1)
  }

  /** Customers may share a fingerprint, so the order itself says whose it is. */
  #firstOf(customerId: string): Order | undefined {
    for (const seq of this.#index.seqsOf(customerId)) {
      const order = this.rows.order(seq)
      if (order?.customerId === customerId) return order
    }
    return undefined
  }

  #single(order: Order): Customer {
    const isReleased = order.state === "released"
    return {
      units: isReleased ? 0 : order.quantity,
      releases: isReleased ? 1 : 0,
      releasedAt: isReleased ? this.rows.timeOf(order.seq) : undefined,
      first: () => (isReleased ? undefined : order),
      under: key => (order.key === key ? order : undefined),
    }
  }

  #sumOf({ units, releases, releasedAt, standing, byKey }: Several): Customer {
    const orderAt = (seq: number | undefined) => (seq === undefined ? undefined : this.rows.order(seq))
    return {
      units,
      releases,
      releasedAt,
      first: () => orderAt(standing[0]),
      under: key => orderAt(byKey.get(key)),
    }
  }

  #startSum(first: Order): Several {
    const several = { units: 0, releases: 0, releasedAt: undefined, standing: [], byKey: new Map() }
    const at = first.state === "released" ? this.rows.timeOf(first.seq) : first.createdAt
    count(several, { ...first, seq: createdSeq(first), at })
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
