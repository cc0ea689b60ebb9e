import type { Context, Hono, Next } from "hono"
import { cors } from "hono/cors"
import type { RequestContext, RequestEnv } from "./context.ts"

const EXPOSED = ["Idempotency-Key", "Idempotency-Replayed", "Retry-After", "X-Served-By"]
const ALLOWED = ["Authorization", "Content-Type", "Idempotency-Key"]
/** Sales are the same for everybody. Their answers may be kept by a proxy, so they do not name one origin. */
const PUBLIC_READS = /^\/api\/v1\/sales(?:\/[^/]+(?:\/live)?)?$/

/** Lets pages of ALLOWED_ORIGINS call the shop's API, with a token and never with a cookie. Administrators' routes stay closed. */
export function shareWithOthers(app: Hono<RequestEnv>, { sharing: origins }: RequestContext): void {
  if (!origins) return
  const named = cors({
    origin: (_, c) => origins.allowedOrigin(c.req.raw) ?? null,
    allowMethods: ["GET", "POST"],
    allowHeaders: ALLOWED,
    exposeHeaders: EXPOSED,
    maxAge: 600,
  })
  const share = (c: Context<RequestEnv>, next: Next) => {
    const isPreflight = c.req.method === "OPTIONS" && c.req.header("access-control-request-method") !== undefined
    if (c.req.method === "OPTIONS" && !(isPreflight && origins.allowedOrigin(c.req.raw))) return next()
    return named(c, next)
  }
  for (const path of ["/api/v1/sessions", "/api/v1/orders/*", "/api/v1/sales/*", "/api/v1/sales"]) {
    app.use(path, async (c, next) => {
      if (c.req.method !== "GET" || !PUBLIC_READS.test(c.req.path)) return share(c, next)
      await next()
      c.res.headers.set("Access-Control-Allow-Origin", "*")
    })
  }
}

/** The same for the answer to a purchase, which comes without the router. */
export function sharedWithOthers({ sharing: origins }: RequestContext, request: Request, response: Response): Response {
  if (!origins) return response
  response.headers.append("Vary", "Origin")
  const origin = origins.allowedOrigin(request)
  if (origin === undefined) return response
  response.headers.set("Access-Control-Allow-Origin", origin)
  response.headers.set("Access-Control-Expose-Headers", EXPOSED.join(","))
  return response
}
