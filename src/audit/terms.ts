import type { Fact } from "../wire/wire.ts"

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
}

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

function window(terms: Fact["terms"]): Pick<Terms, "opensAt" | "closesAt" | "holdSeconds" | "limitPerCustomer"> {
  return {
    opensAt: Number(terms?.opensAt),
    closesAt: terms?.closesAt as number | undefined,
    holdSeconds: terms?.holdSeconds as number | undefined,
    limitPerCustomer: Number(terms?.limitPerCustomer),
  }
}
