import type { Context, Hono } from "hono"
import type { RequestContext, RequestEnv } from "../context.ts"
import { calendarFile } from "./calendar.ts"
import { orderPages } from "./order-page.ts"
import { PLAIN_CSS, PLAIN_JS } from "./page.ts"
import { proofPages } from "./proof-page.ts"
import { salePages } from "./sale-page.ts"

const CACHEABLE = { "Cache-Control": "public, max-age=3600" }

/** The shop for browsers without scripts. Its forms do what the API does, under the same rules. */
export function plainRoutes(app: Hono<RequestEnv>, context: RequestContext): void {
  const { authenticator, saleCache, responses, time } = context
  app.get("/plain.css", () => responses.text(PLAIN_CSS, "text/css; charset=utf-8", CACHEABLE))
  app.get("/plain.js", () => responses.text(PLAIN_JS, "text/javascript; charset=utf-8", CACHEABLE))
  app.get("/sales/:saleId/calendar.ics", c => {
    const sale = saleCache.sale(c.req.param("saleId"))
    if (!sale) return responses.refusal("sale_unknown")
    const name = { "Content-Disposition": `attachment; filename="${sale.id}.ics"` }
    return responses.text(
      calendarFile(sale, `${authenticator.customers.origins.publicOrigin ?? originOf(c)}/sales/${sale.id}`, time.now()),
      "text/calendar",
      name,
    )
  })
  salePages(app, context)
  orderPages(app, context)
  proofPages(app, context)
}

/** This site's origin as the reader's browser sees it, behind a proxy too. */
function originOf(c: Context<RequestEnv>): string {
  const { host, protocol } = new URL(c.req.url)
  const proto = c.req.header("x-forwarded-proto")
  return `${proto === "https" || proto === "http" ? `${proto}:` : protocol}//${host}`
}
