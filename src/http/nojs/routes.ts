import type { Context, Hono } from "hono"
import { isId } from "../../wire/wire.ts"
import type { Env, RequestContext } from "../context.ts"
import { buyRoutes } from "./buying.ts"
import { calendarFile } from "./calendar.ts"
import { PLAIN_CSS, PLAIN_JS } from "./layout.ts"
import { orderPages } from "./orders.ts"
import { proofRoute } from "./proving.ts"

/** Pages that need no script: they speak to the same API as the launch page does, and let nobody do more. */
export function plainRoutes(app: Hono<Env>, context: RequestContext): void {
  const { saleCache, responses } = context
  app.get("/plain.css", () => responses.text(PLAIN_CSS, "text/css; charset=utf-8", CACHEABLE))
  app.get("/plain.js", () => responses.text(PLAIN_JS, "text/javascript; charset=utf-8", CACHEABLE))
  app.get("/sales/:saleId/calendar.ics", c => {
    const sale = isId(c.req.param("saleId")) && saleCache.sale(c.req.param("saleId"))
    if (!sale) return responses.refusal("sale_unknown")
    const name = { "Content-Disposition": `attachment; filename="${sale.id}.ics"` }
    return responses.text(calendarFile(sale, `${originOf(c)}/sales/${sale.id}`, Date.now()), "text/calendar", name)
  })
  buyRoutes(app, context)
  orderPages(app, context)
  proofRoute(app, context)
}

const CACHEABLE = { "Cache-Control": "public, max-age=3600" }

/** Where the reader sees this site, behind a proxy too. */
function originOf(c: Context<Env>): string {
  const { host, protocol } = new URL(c.req.url)
  const proto = c.req.header("x-forwarded-proto")
  return `${proto === "https" || proto === "http" ? `${proto}:` : protocol}//${host}`
}
