import type { Context } from "hono"
import type { Scope } from "../../core/ports/credentials.ts"
import * as wire from "../../wire/wire.ts"
import { bearerOf } from "../auth/customers.ts"
import { missingFrom } from "../auth/operators.ts"
import { addressOf, type RequestContext, type RequestEnv } from "../context.ts"
import { decide, STEERING, steering } from "./admin.ts"
import { record } from "./logbook.ts"
import {
  type Description,
  forbidden,
  locked,
  malformed,
  type Route,
  route,
  tooLarge,
  unauthorized,
  unavailable,
} from "./route.ts"

type ShopDescription<Path extends string, Body> = Omit<
  Description<Path, Body, undefined>,
  "group" | "access" | "method" | "scope"
> & { scope: Scope }

/** An operation for a shop's own server. It is on the public port, and a backend's token alone opens it. */
function shopRoute<Path extends string, Body = undefined>(
  description: ShopDescription<Path, Body>,
  handler: (context: RequestContext, c: Context<RequestEnv, Path>, body: Body) => Response | Promise<Response>,
): Route {
  const { scope, operationId, logbook, answers } = description
  return route(
    {
      ...description,
      method: "post",
      group: "Shop",
      access: "backend",
      answers: [...answers, unauthorized, forbidden, locked, unavailable],
    },
    async (context, c, { body }) => {
      const { authenticator, responses } = context
      const token = bearerOf(c.req.raw)
      if (token === undefined) return responses.unauthorized("missing")
      const holder = await authenticator.operators.byToken(token, addressOf(c))
      if (holder.kind === "locked") return responses.locked(holder.seconds)
      if (holder.kind !== "backend") return responses.refusal("unauthorized")
      const missing = missingFrom(holder, { scope })
      if (missing) return responses.forbidden(missing)
      c.set("by", holder.name)
      c.set("action", { name: operationId })
      const response = await handler(context, c, body)
      if (logbook === "answer") await record(context, c, response.status)
      return response
    },
  )
}

/** What a shop's own server may do beside reading and settling orders, which it does at `/api/v1/orders`. */
export const shopRoutes = [
  shopRoute(
    {
      path: "/api/v1/shop/sessions",
      operationId: "mintSession",
      scope: "sessions:mint",
      summary: "Make a token for a customer of the shop",
      description: "The same `sub` is always the same customer. Give the token to that customer alone.",
      body: wire.MintRequest,
      answers: [{ status: 201, description: "The token.", schema: wire.Session }, malformed, tooLarge],
    },
    ({ authenticator, responses, time }, _, { sub, seconds }) => {
      const { tokens } = authenticator.customers
      const customerId = tokens.customerIdOf(sub)
      if (customerId === undefined) return responses.refusal("invalid_request", { path: "sub", detail: ODD_SUBJECT })
      const now = Math.floor(time.now() / 1000)
      const token = tokens.mint("session", { customerId, isAnonymous: false }, now, now + seconds)
      return responses.json({ token, customerId, expiresAt: new Date((now + seconds) * 1000).toISOString() }, 201)
    },
  ),
  ...STEERING.map(kind =>
    shopRoute(
      {
        path: `/api/v1/shop/sales/:saleId/${kind}`,
        operationId: `shop${kind[0]?.toUpperCase()}${kind.slice(1)}Sale`,
        scope: "sales:steer",
        logbook: "answer",
        ...steering(kind),
      },
      (context, c) => {
        const saleId = c.req.param("saleId")
        if (!wire.isId(saleId)) return context.responses.refusal("invalid_request", { path: "saleId" })
        return decide(context, c, { kind, saleId })
      },
    ),
  ),
]

const ODD_SUBJECT = "sub must be 1 to 128 printable characters; other than A-Z a-z 0-9 _ - it needs CUSTOMER_ID_SECRET."
