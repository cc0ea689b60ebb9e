import type { HotInventory } from "../core/ports/hot-inventory.ts"
import type { Ledger } from "../core/ports/ledger.ts"
import { systemTime, type Timers } from "../runtime/time.ts"

const LOOK_EVERY_MS = 200

/** What a replica knows of the system that it belongs to. It asks until store and ledger have told it the same. */
export class SystemIdentity implements Disposable {
  #store: string | undefined
  #ledger: string | undefined
  #looks: Disposable | undefined

  constructor(
    private readonly inventory: HotInventory,
    private readonly ledger: Ledger,
    private readonly timers: Timers = systemTime,
  ) {}

  start(): void {
    let isLooking = false
    this.#looks = this.timers.every(LOOK_EVERY_MS, async () => {
      if (isLooking) return
      isLooking = true
      await this.#look()
      isLooking = false
    })
  }

  /** Undefined until a worker has paired store and ledger and this replica has read it. */
  get systemId(): string | undefined {
    return this.#store
  }

  /** One sentence that says why this replica must not serve; undefined when nothing is known against it. */
  get mismatch(): string | undefined {
    const isKnown = this.#store !== undefined && this.#ledger !== undefined
    if (!isKnown || this.#store === this.#ledger) return undefined
    return "Store and ledger belong to two systems: see INVENTORY_URL and LEDGER_URL."
  }

  [Symbol.dispose](): void {
    this.#looks?.[Symbol.dispose]()
  }

  /** A store that is away, as it may be at any time, is asked again. */
  async #look(): Promise<void> {
    this.#store = (await this.inventory.systemId().catch(() => undefined)) ?? this.#store
    this.#ledger = (await this.ledger.systemId().catch(() => undefined)) ?? this.#ledger
    if (this.#store !== undefined && this.#store === this.#ledger) this[Symbol.dispose]()
  }
}
