import type { Context } from "hono"
import type { Sale } from "../../core/sale.ts"
import * as wire from "../../wire/wire.ts"
import { addressOf, type RequestContext, type RequestEnv } from "../context.ts"
import { acceptsGzip } from "../static-file.ts"
import { saleToWire } from "./mapping.ts"
import { malformed, route, sale, unavailable, unknownSale } from "./route.ts"
import type { ListText } from "./sale-lists.ts"

/** A proxy may show a sale that is one second old, and for another second while it fetches a new one. */
const CACHEABLE = { "Cache-Control": "public, max-age=1, stale-while-revalidate=1" }

/** Viewers are refused first, because they can read the sale's copy instead. */
const TOO_MANY_VIEWERS = { detail: "Too many streams are open. Read the sale every few seconds instead." }
const WAIT = { "Retry-After": "5" }

/** Without it nginx and its like keep events back until they have some kilobytes of them. */
const UNBUFFERED = { "X-Accel-Buffering": "no" }

const PUBLIC = { method: "get", group: "Sales", access: "anyone" } as const

export const saleRoutes = [
  route(
    {
      ...PUBLIC,
      path: "/api/v1/sales",
      operationId: "listSales",
      summary: "Every sale, in order of creation",
      query: wire.PageQuery,
      answers: [{ status: 200, description: "A page.", schema: wire.SaleList }, malformed],
    },
    async (context, c, { query: { after, limit } }) => {
      await context.inventory.refreshed?.()
      return list(context, c, context.saleLists.page(after, limit))
    },
  ),
  route(
    {
      ...PUBLIC,
      path: "/api/v1/front-page",
      operationId: "listFrontPage",
      summary: "The sales that are not over, in the order of the front page; if none is, the last one that was",
      answers: [{ status: 200, description: "At most 100.", schema: wire.SaleList }],
    },
    (context, c) => list(context, c, context.saleLists.front()),
  ),
  route(
    {
      ...PUBLIC,
      path: "/api/v1/sales/:saleId",
      operationId: "readSale",
      summary: "One sale, cacheable for a second",
      answers: [sale, malformed, unknownSale, unavailable],
    },
    async (context, c) => {
      const sale = await find(context, c.req.param("saleId"))
      if (sale instanceof Response) return sale
      const { responses, saleCache, time } = context
      return responses.json(saleToWire(sale, time.now(), saleCache.soldOutAt(sale.id)), 200, CACHEABLE)
    },
  ),
  route(
    {
      ...PUBLIC,
      path: "/api/v1/sales/:saleId/live",
      operationId: "watchSale",
      summary: "A sale as it changes",
      description: "Server-sent events named `stock`, at most five a second; their data is a `Sale`.",
      answers: [
        { status: 200, description: "Events without end.", type: "text/event-stream" },
        malformed,
        unknownSale,
        {
          status: 429,
          description: "`rate_limited`: as many streams as may be are open. Read the sale every few seconds.",
        },
        unavailable,
      ],
    },
    async (context, c) => {
      const sale = await find(context, c.req.param("saleId"))
      if (sale instanceof Response) return sale
      const { live, responses } = context
      // A HEAD request's body is never read or cancelled, so its viewer would stay for ever.
      if (c.req.raw.method === "HEAD") return responses.stream(null, "text/event-stream", UNBUFFERED)
      const events = live.open(sale, addressOf(c), c.req.raw.signal)
      if (!events) return responses.refusal("rate_limited", TOO_MANY_VIEWERS, WAIT)
      c.env.timeout(c.req.raw, 0)
      return responses.stream(events, "text/event-stream", UNBUFFERED)
    },
  ),
]

/** A list is the same for everybody, so its text is made, and compressed, once. */
function list({ responses, saleLists }: RequestContext, c: Context<RequestEnv>, text: ListText): Response {
  const headers = { ...CACHEABLE, Vary: "Accept-Encoding" }
  if (!acceptsGzip(c.req.header("accept-encoding") ?? ""))
    return responses.text(text.plain, "application/json", headers)
  return responses.text(saleLists.zipped(text), "application/json", { ...headers, "Content-Encoding": "gzip" })
}

/** Asks the store only about a sale that may have been created a moment ago, so that nobody's guesses at names cost it anything. */
async function find({ saleCache, inventory, responses }: RequestContext, saleId: string): Promise<Sale | Response> {
  if (!wire.isId(saleId)) return responses.refusal("invalid_request", { path: "saleId" })
  if (saleCache.isUnknown(saleId)) return responses.refusal("sale_unknown")
  await inventory.refreshed?.()
  const sale = saleCache.sale(saleId) ?? (await inventory.sales()).find(({ id }) => id === saleId)
  return sale ?? responses.refusal("sale_unknown")
}
