import { gzipSync } from "node:zlib"
import type { Sale } from "../../core/sale.ts"
import type { Clock } from "../../runtime/time.ts"
import { frontPage } from "../../wire/front-page.ts"
import type * as wire from "../../wire/wire.ts"
import type { SaleCache } from "../purchase/sale-cache.ts"
import { saleToWire } from "./mapping.ts"

/** How long a text is sent while no sale changes. It says the server's time, which moves on. */
const FRESH_MS = 100
/** Clients choose the pages, so only the latest ones are kept. */
const TEXTS_MAX = 20

/** A list as it is sent. */
export interface ListText {
  revision: number
  until: number
  plain: string
  gzip?: Uint8Array<ArrayBuffer>
}

/** The lists of sales as texts, which many viewers ask for at once. */
export class SaleLists {
  readonly #texts = new Map<string, ListText>()

  constructor(
    private readonly saleCache: SaleCache,
    private readonly clock: Clock,
  ) {}

  /** What the front page shows: see `frontPage`. */
  front(): ListText {
    return this.#text("front", () => ({ sales: frontPage(this.saleCache.sales().map(sale => this.#toWire(sale))) }))
  }

  /** At most `limit` sales that were created after the sale with the number `after`, in order of creation. */
  page(after: number, limit: number): ListText {
    return this.#text(`${after} ${limit}`, () => {
      const rest = this.saleCache.sales().filter(({ number }) => number > after)
      const sales = rest.sort((one, other) => one.number - other.number).slice(0, limit)
      const last = rest.length > limit ? sales.at(-1) : undefined
      return { sales: sales.map(sale => this.#toWire(sale)), ...(last && { next: last.number }) }
    })
  }

  zipped(text: ListText): Uint8Array<ArrayBuffer> {
    text.gzip ??= new Uint8Array(gzipSync(text.plain))
    return text.gzip
  }

  #toWire(sale: Sale): wire.Sale {
    return saleToWire(sale, this.clock.now(), this.saleCache.soldOutAt(sale.id))
  }

  #text(name: string, make: () => wire.SaleList): ListText {
    const { revision } = this.saleCache
    const now = this.clock.monotonic()
    const known = this.#texts.get(name)
    if (known?.revision === revision && now < known.until) return known
    const text: ListText = { revision, until: now + FRESH_MS, plain: JSON.stringify(make()) }
    this.#texts.delete(name)
    this.#texts.set(name, text)
    const [oldest] = this.#texts.keys()
    if (this.#texts.size > TEXTS_MAX && oldest !== undefined) this.#texts.delete(oldest)
    return text
  }
}
