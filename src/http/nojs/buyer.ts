import type { Context } from "hono"
import { newSession } from "../auth/customer-sessions.ts"
import type { Identified } from "../auth/customers.ts"
import type { RequestContext, RequestEnv } from "../context.ts"

/** A form is good for this long after its page was shown. */
const FORM_SECONDS = 24 * 3600

/** Whom a page's forms act for. */
export interface Buyer {
  /** A signed customer id for the forms' hidden field. Undefined if only customers that a shop names can buy. */
  written: string | undefined
  /** Cookies that the page sets. None for a page that another site led to. */
  cookies: readonly string[]
}

/**
 * The reader of a page, or a new customer. The forms name the customer, so that a form that is sent twice buys once even
 * where cookies are blocked.
 */
export function buyerOf(context: RequestContext, c: Context<RequestEnv>): Buyer {
  const { authenticator, time } = context
  const { customers } = authenticator
  const request = c.req.raw
  const reader = customers.visitor(request, time.now())
  const mayKeep = !customers.origins.isForeign(request)
  if (reader.kind === "customer" && customers.byCookie(request, time.now()).kind === "customer") {
    return { written: writtenFor(context, reader), cookies: [] }
  }
  if (!customers.allowsAnonymous) return { written: undefined, cookies: [] }
  const { customerId, cookies } = newSession(context, reader.kind === "customer" ? reader.customerId : undefined)
  return { written: writtenFor(context, { customerId, isAnonymous: true }), cookies: mayKeep ? cookies : [] }
}

/** The customer as a form's hidden field holds it. */
export function writtenFor(
  { authenticator, time }: RequestContext,
  customer: Pick<Extract<Identified, { kind: "customer" }>, "customerId" | "isAnonymous">,
): string {
  const now = Math.floor(time.now() / 1000)
  return authenticator.customers.tokens.mint("form", customer, now, now + FORM_SECONDS)
}
