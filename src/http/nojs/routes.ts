import type { Context, Hono } from "hono"
import type { RequestContext, RequestEnv } from "../context.ts"
import { sendFile, staticFile } from "../static-file.ts"
import { calendarFile } from "./calendar.ts"
import { orderPages } from "./order-page.ts"
import { PLAIN_CSS, PLAIN_JS } from "./page.ts"
import { proofPages } from "./proof-page.ts"
import { salePages } from "./sale-page.ts"

const CACHEABLE = { "Cache-Control": "public, max-age=3600" }

/** The shop for browsers without scripts. Its forms do what the API does, under the same rules. */
export function plainRoutes(app: Hono<RequestEnv>, context: RequestContext): void {
  const { authenticator, saleCache, responses, time } = context
  const css = staticFile("text/css; charset=utf-8", PLAIN_CSS)
  const script = staticFile("text/javascript; charset=utf-8", PLAIN_JS)
  app.get("/plain.css", c => sendFile(responses, c.req.raw, css, CACHEABLE))
  app.get("/plain.js", c => sendFile(responses, c.req.raw, script, CACHEABLE))
  app.get("/sales/:saleId/calendar.ics", c => {
    const sale = saleCache.sale(c.req.param("saleId"))
    if (!sale) return responses.refusal("sale_unknown")
    const name = { "Content-Disposition": `attachment; filename="${sale.id}.ics"` }
    return responses.text(
      calendarFile(sale, `${authenticator.customers.origins.publicOrigin ?? originOf(c)}/sales/${sale.id}`, time.now()),
      "text/calendar; charset=utf-8",
      name,
    )
  })
  salePages(app, context)
  orderPages(app, context)
  proofPages(app, context)
}

/** This site's origin as the reader's browser sees it, behind a proxy too. */
function originOf(c: Context<RequestEnv>): string {
  const { host, protocol } = new URL(c.req.url, "http://localhost")
  const proto = c.req.header("x-forwarded-proto")
  return `${proto === "https" || proto === "http" ? `${proto}:` : protocol}//${host}`
}
