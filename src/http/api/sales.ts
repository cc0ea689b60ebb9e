import type { Hono } from "hono"
import type { Sale } from "../../core/sale.ts"
import type { Env, RequestContext } from "../context.ts"
import { isId } from "./ids.ts"
import { saleToWire } from "./mapping.ts"

/** What many people look at may be a second old, and another second while a proxy fetches it anew. */
const CACHEABLE = { "Cache-Control": "public, max-age=1, stale-while-revalidate=1" }

export function saleRoutes(app: Hono<Env>, context: RequestContext): void {
  const { saleCache, live, responses } = context

  app.get("/api/v1/sales", () => {
    const now = Date.now()
    return responses.json(
      { sales: saleCache.sales().map(sale => saleToWire(sale, now, saleCache.soldOutAt(sale.id))) },
      200,
      CACHEABLE,
    )
  })

  app.get("/api/v1/sales/:saleId", async c => {
    const sale = await find(context, c.req.param("saleId"))
    if (sale instanceof Response) return sale
    return responses.json(saleToWire(sale, Date.now(), saleCache.soldOutAt(sale.id)), 200, CACHEABLE)
  })

  app.get("/api/v1/sales/:saleId/live", async c => {
    const sale = await find(context, c.req.param("saleId"))
    if (sale instanceof Response) return sale
    // Whoever asks for the head alone reads nothing, and would stay a viewer for ever.
    if (c.req.raw.method === "HEAD") return responses.stream(null, "text/event-stream")
    c.env.timeout(c.req.raw, 0)
    return responses.stream(live.open(sale, c.req.raw.signal), "text/event-stream")
  })
}

/** A sale made a moment ago by another replica may not be on this one's board yet: then the store says. */
async function find({ saleCache, inventory, responses }: RequestContext, saleId: string): Promise<Sale | Response> {
  if (!isId(saleId)) return responses.refusal("invalid_request", { path: "saleId" })
  const sale = saleCache.sale(saleId) ?? (await inventory.sales()).find(({ id }) => id === saleId)
  return sale ?? responses.refusal("sale_unknown")
}
