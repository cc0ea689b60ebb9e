import type { Answer } from "../../../src/core/command.ts"
import type { Shop } from "../../support/stores/shop.ts"

/** Buyers of one sale, one after the other, until the test stops them. */
export class Buyers {
  readonly answers: Answer[] = []
  #isOver = false
  readonly #walk: Promise<void>

  constructor(
    shop: Shop,
    private readonly everyMs = 1,
    saleId = "drop",
  ) {
    this.#walk = this.#come(shop, saleId)
  }

  get bought(): number {
    return this.answers.filter(({ outcome }) => outcome === "confirmed").length
  }

  async stop(): Promise<void> {
    this.#isOver = true
    await this.#walk
  }

  async #come(shop: Shop, saleId: string): Promise<void> {
    for (let nth = 0; !this.#isOver; nth++) {
      this.answers.push(await shop.reserve(`buyer-${nth}`, "k", { sale: saleId }))
      await Bun.sleep(this.everyMs)
    }
  }
}
