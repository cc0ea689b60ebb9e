/** The most streams of one replica, and the most of them that come from one address. */
export interface StreamLimits {
  all: number
  perAddress: number
}

/** Counts the streams that are open. */
export class StreamCounts {
  readonly #byAddress = new Map<string, number>()
  #all = 0

  constructor(private readonly limits: StreamLimits) {}

  get all(): number {
    return this.#all
  }

  /** Counts a stream. Returns a function that ends this, or undefined if there are as many streams as may be. */
  add(address: string): (() => void) | undefined {
    const fromAddress = this.#byAddress.get(address) ?? 0
    if (this.#all >= this.limits.all || fromAddress >= this.limits.perAddress) return undefined
    this.#change(address, 1)
    let isCounted = true
    return () => {
      if (isCounted) this.#change(address, -1)
      isCounted = false
    }
  }

  #change(address: string, by: 1 | -1): void {
    this.#all += by
    const streams = (this.#byAddress.get(address) ?? 0) + by
    if (streams > 0) this.#byAddress.set(address, streams)
    else this.#byAddress.delete(address)
  }
}
