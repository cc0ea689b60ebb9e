import type { Origins } from "./origins.ts"
import type { TokenFault } from "./token-fault.ts"
import type { CustomerTokens, TokenUse, Verified } from "./tokens.ts"

/** A customer who proved who they are, or why nobody did. */
export type Identified =
  | { kind: "customer"; customerId: string; isAnonymous: boolean }
  | { kind: "anonymous"; fault?: TokenFault }

/** A buyer who comes back within this time is the same customer. */
export const RENEWAL_SECONDS = 30 * 24 * 3600

/** Neighbouring sites cannot set a `__Host-` cookie, so it comes first. The plain name is read, too: sessions outlive a setting. */
const COOKIES = {
  session: [/(?:^|;\s*)__Host-session=([^;]+)/, /(?:^|;\s*)session=([^;]+)/],
  renewal: [/(?:^|;\s*)__Host-renewal=([^;]+)/, /(?:^|;\s*)renewal=([^;]+)/],
}

/** Customers by token, cookie or form. `now` is in milliseconds since 1970. */
export class Customers {
  constructor(
    readonly tokens: CustomerTokens,
    readonly origins: Origins,
    /** Whether anybody may become a customer. */
    readonly allowsAnonymous: boolean,
  ) {}

  byToken(token: string, now: number, use: TokenUse = "session"): Identified {
    const verified = this.tokens.verify(token, now, use)
    if (typeof verified === "string") return { kind: "anonymous", fault: verified }
    if (verified.isAnonymous && !this.allowsAnonymous) return { kind: "anonymous", fault: "anonymous" }
    return { kind: "customer", customerId: verified.customerId, isAnonymous: verified.isAnonymous }
  }

  /** By the session's cookie, to show something. A link on another site may have led here. */
  byCookie(request: Request, now: number): Identified {
    const token = this.cookie(request)
    return token === undefined ? { kind: "anonymous", fault: "missing" } : this.byToken(token, now)
  }

  /** By cookie, to change something. Browsers send the cookie with forms of other sites too: those are refused. */
  byOwnCookie(request: Request, now: number): Identified {
    if (this.origins.isOwn(request)) return this.byCookie(request, now)
    const isPage = request.headers.has("origin") || this.cookie(request) !== undefined
    return { kind: "anonymous", fault: isPage ? "origin" : "missing" }
  }

  /** A reader of a page: by the session's cookie, or by the renewal when the session has ended. */
  visitor(request: Request, now: number): Identified {
    const found = this.byCookie(request, now)
    if (found.kind === "customer" || !this.allowsAnonymous) return found
    const known = this.renewable(request, undefined, now)
    return known ? { kind: "customer", customerId: known.customerId, isAnonymous: true } : found
  }

  /** By the customer that the shop wrote into a form, or else by cookie. The form must come from a page of the shop. */
  byForm(request: Request, written: string | null, now: number): Identified {
    if (!this.origins.isOwn(request)) return { kind: "anonymous", fault: "origin" }
    const customer = written ? this.byToken(written, now, "form") : undefined
    return customer?.kind === "customer" ? customer : this.visitor(request, now)
  }

  /**
   * The anonymous customer whose session the request may renew: by a session that ended within `RENEWAL_SECONDS`, or by a
   * renewal. A token that a shop made is never renewed, because the shop chose its end.
   */
  renewable(request: Request, bearer: string | undefined, now: number): Verified | undefined {
    const since = now / 1000 - RENEWAL_SECONDS
    const ended = (token: string | undefined) => {
      const verified = token === undefined ? undefined : this.tokens.verifyEnded(token, "session")
      return verified && verified.expires > since ? verified : undefined
    }
    if (bearer !== undefined) return ended(bearer)
    const session = ended(this.cookie(request))
    if (session) return session
    const renewal = cookieIn(request, "renewal")
    const verified = renewal === undefined ? undefined : this.tokens.verify(renewal, now, "renewal")
    return typeof verified === "object" ? verified : undefined
  }

  /** The token in the session's cookie. */
  cookie(request: Request): string | undefined {
    return cookieIn(request, "session")
  }
}

/** The token of `Authorization: Bearer`, "" if another scheme is named, undefined without the header. */
export function bearerOf(request: Request): string | undefined {
  const authorization = request.headers.get("authorization")
  if (authorization === null) return undefined
  // The scheme may be written in any case (RFC 9110).
  return /^bearer /i.test(authorization) ? authorization.slice(7) : ""
}

function cookieIn(request: Request, name: keyof typeof COOKIES): string | undefined {
  const cookies = request.headers.get("cookie")
  if (cookies === null) return undefined
  const [prefixed, plain] = COOKIES[name]
  return (prefixed?.exec(cookies) ?? plain?.exec(cookies))?.[1]
}
