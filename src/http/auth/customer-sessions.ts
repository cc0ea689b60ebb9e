import type { Order } from "../../core/order.ts"
import * as wire from "../../wire/wire.ts"
import { route, unauthorized } from "../api/route.ts"
import type { RequestContext } from "../context.ts"
import { bearerOf, RENEWAL_SECONDS } from "./customers.ts"

const SESSION_SECONDS = 24 * 3600
/** A session goes on for this long after the end of its customer's hold. */
const AFTER_HOLD_SECONDS = 3600

export const openSession = route(
  {
    method: "post",
    path: "/api/v1/sessions",
    operationId: "openSession",
    group: "Buying",
    access: "anyone",
    summary: "Become an anonymous buyer, or stay one",
    description:
      "The token comes in the body and as a `session` cookie. With the cookies or the token of a session, even of one that ended up to 30 days ago, the same customer goes on. Pages of other sites get no cookie.",
    answers: [
      { status: 201, description: "A session.", schema: wire.Session },
      { ...unauthorized, description: "`unauthorized`: this shop sells to signed-in customers only." },
    ],
  },
  (context, c) => {
    const { authenticator, responses, time } = context
    const { customers } = authenticator
    const request = c.req.raw
    const bearer = bearerOf(request)
    // The cookies of a request for another site's page are neither read nor set: they are its visitor's.
    const usesCookies = bearer === undefined && !customers.origins.isForeign(request)
    const token = bearer ?? (usesCookies ? customers.cookie(request) : undefined)
    const kept = token === undefined ? undefined : keptSession(context, token)
    if (kept) return responses.json(kept, 201)
    if (!customers.allowsAnonymous) return responses.unauthorized("anonymous")
    const known = token !== undefined || usesCookies ? customers.renewable(request, bearer, time.now()) : undefined
    const { cookies, ...session } = newSession(context, known?.customerId)
    return withCookies(responses.json(session, 201), usesCookies ? cookies : [])
  },
)

/** A session that a shop made and that is still good. It is neither replaced nor made longer. */
function keptSession({ authenticator, time }: RequestContext, token: string): wire.Session | undefined {
  const verified = authenticator.customers.tokens.verify(token, time.now())
  if (typeof verified === "string" || verified.isAnonymous) return undefined
  return { token, customerId: verified.customerId, expiresAt: timeOf(verified.expires) }
}

/**
 * Makes a session of an anonymous customer, a new one unless one is given: a token, and the cookies that keep it out of the
 * reach of scripts. It lasts a day, or for an hour after `holdUntil`, in milliseconds since 1970.
 */
export function newSession(
  { authenticator, time, random }: RequestContext,
  customerId = `c_${random.key().replaceAll("-", "")}`,
  holdUntil = 0,
): wire.Session & { cookies: string[] } {
  const now = Math.floor(time.now() / 1000)
  const seconds = Math.max(SESSION_SECONDS, Math.ceil(holdUntil / 1000) + AFTER_HOLD_SECONDS - now)
  const { tokens, origins } = authenticator.customers
  const [prefix, secure] = origins.isSecure ? ["__Host-", "; Secure"] : ["", ""]
  const cookie = (name: string, value: string, maxAge: number) =>
    `${prefix}${name}=${value}; Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=Lax${secure}`
  const customer = { customerId, isAnonymous: true }
  const token = tokens.mint("session", customer, now, now + seconds)
  const renewal = tokens.mint("renewal", customer, now, now + RENEWAL_SECONDS)
  const cookies = [cookie("session", token, seconds), cookie("renewal", renewal, RENEWAL_SECONDS)]
  return { token, customerId, expiresAt: timeOf(now + seconds), cookies }
}

/** The cookies of a longer session, if the session's cookie ends before the order's hold. */
export function cookiesForHold(
  context: RequestContext,
  request: Request,
  { customerId, payBefore = 0 }: Pick<Order, "customerId" | "payBefore">,
): string[] {
  const { customers } = context.authenticator
  const token = request.headers.has("authorization") ? undefined : customers.cookie(request)
  const verified = token === undefined ? undefined : customers.tokens.verify(token, context.time.now())
  if (typeof verified !== "object" || !verified.isAnonymous || verified.customerId !== customerId) return []
  return verified.expires * 1000 >= payBefore ? [] : newSession(context, customerId, payBefore).cookies
}

export function withCookies(response: Response, cookies: readonly string[]): Response {
  for (const cookie of cookies) response.headers.append("Set-Cookie", cookie)
  return response
}

function timeOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString()
}
