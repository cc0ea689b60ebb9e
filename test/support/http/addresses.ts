import { ADMIN_PATH } from "../../../src/http/api/route.ts"
import { ROUTES } from "../../../src/http/api/routes.ts"

const filled = (template: string) => template.replace("{orderId}", "A1-AAAA").replace(/\{\w+\}/g, "shoes")
const isInside = (template: string) => template.startsWith(ADMIN_PATH) || template === "/metrics"
const described = [...new Set(ROUTES.map(({ template }) => template))]

/** An address of every route that buyers have, pages and files among them. */
export const PUBLIC_PATHS: readonly string[] = [
  ...described.filter(template => !isInside(template)).map(filled),
  ...["/", "/?plain", "/sales/shoes", "/sales/shoes?plain", "/sales/shoes/buy", "/sales/shoes/proof"],
  ...["/sales/shoes/calendar.ics", "/orders/A1-AAAA", "/orders/A1-AAAA/confirm", "/orders/A1-AAAA/cancel"],
  ...["/assets/index-1a2b3c.js", "/plain.css", "/plain.js", "/docs.css", "/favicon.ico"],
]

/** An address of every route that the operators alone have. */
export const OPERATORS_PATHS: readonly string[] = [...described.filter(isInside).map(filled), "/control"]
