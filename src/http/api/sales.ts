import type { Hono } from "hono"
import type { Sale } from "../../core/sale.ts"
import type { Door, Env } from "../context.ts"
import { isId } from "./ids.ts"
import { saleToWire } from "./mapping.ts"

/** What many people look at may be a second old, and another second while a proxy fetches it anew. */
const CACHEABLE = { "Cache-Control": "public, max-age=1, stale-while-revalidate=1" }

export function saleRoutes(app: Hono<Env>, door: Door): void {
  const { board, live, replies } = door

  app.get("/api/v1/sales", () => {
    const now = Date.now()
    return replies.json(
      { sales: board.sales().map(sale => saleToWire(sale, now, board.soldOutAt(sale.id))) },
      200,
      CACHEABLE,
    )
  })

  app.get("/api/v1/sales/:saleId", async c => {
    const sale = await find(door, c.req.param("saleId"))
    if (sale instanceof Response) return sale
    return replies.json(saleToWire(sale, Date.now(), board.soldOutAt(sale.id)), 200, CACHEABLE)
  })

  app.get("/api/v1/sales/:saleId/live", async c => {
    const sale = await find(door, c.req.param("saleId"))
    if (sale instanceof Response) return sale
    // Whoever asks for the head alone reads nothing, and would stay a viewer for ever.
    if (c.req.raw.method === "HEAD") return replies.stream(null, "text/event-stream")
    c.env.timeout(c.req.raw, 0)
    return replies.stream(live.open(sale, c.req.raw.signal), "text/event-stream")
  })
}

/** A sale made a moment ago by another replica may not be on this one's board yet: then the store says. */
async function find({ board, inventory, replies }: Door, saleId: string): Promise<Sale | Response> {
  if (!isId(saleId)) return replies.refusal("invalid_request", { path: "saleId" })
  const sale = board.sale(saleId) ?? (await inventory.sales()).find(({ id }) => id === saleId)
  return sale ?? replies.refusal("sale_unknown")
}
