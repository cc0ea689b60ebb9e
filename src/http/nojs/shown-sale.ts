import type { Sale } from "../../wire/wire.ts"
import { saleToWire } from "../api/mapping.ts"
import type { RequestContext } from "../context.ts"

/** The sale as the cache has it now, with when it sold out. */
export function shownSale({ saleCache, time }: RequestContext, saleId: string): Sale | undefined {
  const sale = saleCache.sale(saleId)
  return sale && saleToWire(sale, time.now(), saleCache.soldOutAt(saleId))
}
