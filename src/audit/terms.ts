import type { Fact } from "../wire/wire.ts"
import { Check, counted } from "./check.ts"
import type { JournalOrder } from "./journal-order.ts"

/** Decisions of administrators that bind orders. */
export interface Terms {
  /** The fact that set these terms. */
  seq: number
  standing: "active" | "paused" | "closed"
  checkout: string
  opensAt: number
  closesAt: number | undefined
  holdSeconds: number | undefined
  limitPerCustomer: number
  /** Undefined in the terms of older releases, which had no such limit. */
  maxReleases: number | undefined
  cooldownSeconds: number | undefined
}

/** How many releases a sale allows whose terms are of an older release. */
export const RELEASES_ALLOWED = 20

export interface Offer {
  sku: string
  total: number
  price: { amount: number; currency: string }
}

const STANDING = { paused: "paused", resumed: "active", closed: "closed" } as const

/** The terms of a sale over time, computed from its facts. There are few: one for each change by an administrator. */
export class TermsHistory {
  readonly #all: Terms[] = []
  readonly offers = new Map<string, Offer>()

  fact({ seq, kind, terms }: Fact): void {
    if (kind === "created") {
      for (const offer of (terms?.items ?? []) as Offer[]) this.offers.set(offer.sku, offer)
      this.#all.push({ ...window(terms), seq, checkout: String(terms?.checkout), standing: "active" })
      return
    }
    const last = this.#all.at(-1)
    if (!last) return
    if (kind === "amended") this.#all.push({ ...window(terms), seq, checkout: last.checkout, standing: last.standing })
    if (kind in STANDING) this.#all.push({ ...last, seq, standing: STANDING[kind as keyof typeof STANDING] })
  }

  get now(): Terms | undefined {
    return this.#all.at(-1)
  }

  /** The terms when `seq` was the last fact. */
  at(seq: number): Terms | undefined {
    return this.#all.findLast(terms => terms.seq <= seq)
  }
}

function window(terms: Fact["terms"]): Omit<Terms, "seq" | "standing" | "checkout"> {
  return {
    opensAt: Number(terms?.opensAt),
    closesAt: terms?.closesAt as number | undefined,
    holdSeconds: terms?.holdSeconds as number | undefined,
    limitPerCustomer: Number(terms?.limitPerCustomer),
    maxReleases: terms?.maxReleases as number | undefined,
    cooldownSeconds: terms?.cooldownSeconds as number | undefined,
  }
}

/** W1: an order is created only while the sale is open. */
export class WindowCheck {
  readonly #check = new Check("W1 window")

  created({ seq, at }: Fact, { id }: JournalOrder, terms: Terms | undefined): void {
    const fault = terms ? closedReason(terms, at) : "the sale does not exist yet"
    if (fault) this.#check.fails(`fact ${seq} creates order ${id} although ${fault}`)
  }

  result() {
    return this.#check.result("no order created before opening, while paused or after closing")
  }

  violations(): string[] {
    return this.#check.violations()
  }
}

/** I14: an order has the price that its item had when the sale was created. */
export class PriceCheck {
  readonly #check = new Check("I14 price")

  created({ seq }: Fact, { id, sku, amount, currency }: JournalOrder, offer: Offer | undefined): void {
    if (offer?.price.amount === amount && offer.price.currency === currency) return
    const wanted = offer ? `costs ${offer.price.amount} ${offer.price.currency}` : "this sale does not offer"
    this.#check.fails(`fact ${seq} (order ${id}) charges ${amount} ${currency} for ${sku}, which ${wanted}`)
  }

  result() {
    return this.#check.result("every order has its item's price")
  }

  violations(): string[] {
    return this.#check.violations()
  }
}

function closedReason(terms: Terms, at: number): string | undefined {
  if (terms.standing !== "active") return `the sale has been ${terms.standing} since fact ${terms.seq}`
  if (at < terms.opensAt) return `it opens ${terms.opensAt - at} ms later`
  if (terms.closesAt !== undefined && at >= terms.closesAt) return `it closed ${at - terms.closesAt} ms earlier`
  return undefined
}

/**
 * I4: over all items and keys, no customer ever has more units held or confirmed than the limit at that time, and none
 * gets an order after as many releases as the sale allowed at that time, or during a cool-down.
 */
export class LimitCheck {
  readonly #check = new Check("I4 limit")
  #most = 0

  created({ seq, at }: Fact, { customer, id }: JournalOrder, terms: Terms | undefined): void {
    const { limitPerCustomer = 0, maxReleases, cooldownSeconds = 0 } = terms ?? {}
    const { units, releases, releasedAt } = customer
    this.#most = Math.max(this.#most, units)
    const fails = (why: string) => this.#check.fails(`fact ${seq} (order ${id}) gives ${customer.id} ${why}`)
    if (units > limitPerCustomer) fails(`${counted(units, "unit")}, but the limit is ${limitPerCustomer}`)
    if (maxReleases !== undefined && releases >= maxReleases) {
      fails(`an order after ${counted(releases, "release")}, but the sale allows ${maxReleases}`)
    }
    const waited = releasedAt === undefined ? undefined : at - releasedAt
    if (waited !== undefined && waited < cooldownSeconds * 1000) {
      fails(`an order ${waited} ms after a release, but the cool-down is ${cooldownSeconds} s`)
    }
  }

  result(customers: number) {
    return this.#check.result(`${counted(customers, "customer")}, at most ${counted(this.#most, "unit")} each`)
  }

  violations(): string[] {
    return this.#check.violations()
  }
}
