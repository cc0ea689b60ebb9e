import { createHash, timingSafeEqual } from "node:crypto"
import { LoginThrottle, neighbourhood } from "./login-throttle.ts"
import type { CustomerTokens } from "./tokens.ts"

/** Who is asking. `locked`: nobody is listened to at this address for so many seconds. */
export type Principal =
  | { kind: "customer"; customerId: string }
  | { kind: "administrator" }
  /** `isNewGuess`: with a wrong token that was not seen before. */
  | { kind: "anonymous"; isNewGuess?: true }
  | { kind: "locked"; seconds: number }

const ANONYMOUS: Principal = { kind: "anonymous" }
const ADMINISTRATOR: Principal = { kind: "administrator" }
const COOKIE = /(?:^|;\s*)session=([^;]+)/
/** The control room's cookie: when it ends, and a signature. */
const CONTROL = /(?:^|;\s*)control=(\d{1,12})\.([\w-]{43})(?:;|$)/
/** As customers' tokens are. Such a token that is refused was no guess at the administrator's. */
const JWT = /^[\w-]+\.[\w-]+\.[\w-]*$/

/** Reads tokens from requests. */
export class Authenticator {
  readonly #adminDigest: Buffer
  readonly #adminIsJwt: boolean
  readonly #guard = new LoginThrottle()

  constructor(
    readonly tokens: CustomerTokens,
    adminToken: string,
  ) {
    this.#adminDigest = digest(adminToken)
    this.#adminIsJwt = JWT.test(adminToken)
  }

  /** A customer; or, where `address` is given, an administrator. */
  authenticate(request: Request, now: number, address?: string): Principal {
    const authorization = request.headers.get("authorization")
    if (authorization !== null) {
      const token = bearer(authorization)
      const customer = this.#customer(token, now)
      if (customer || address === undefined) return customer ?? ANONYMOUS
      return this.checkAdminToken(token, address)
    }
    const token = COOKIE.exec(request.headers.get("cookie") ?? "")?.[1]
    if (!token || (request.method !== "GET" && !isSameOrigin(request))) return ANONYMOUS
    return this.#customer(token, now) ?? ANONYMOUS
  }

  /** An administrator, by the token or by the control room's cookie. */
  authenticateAdministrator(request: Request, now: number, address: string): Principal {
    const authorization = request.headers.get("authorization")
    if (authorization !== null) {
      const token = bearer(authorization)
      return this.#customer(token, now) ? ANONYMOUS : this.checkAdminToken(token, address)
    }
    if (this.controlUntil(request, now) === undefined) return ANONYMOUS
    return request.method === "GET" || isSameOrigin(request) ? ADMINISTRATOR : ANONYMOUS
  }

  /** Whether `token` is the administrator's. Whoever guesses too often is not listened to for a while. */
  checkAdminToken(token: string, address: string): Principal {
    if (token === "") return ANONYMOUS
    const now = performance.now()
    const from = neighbourhood(address)
    const lockedMs = this.#guard.lockedMs(from, now)
    if (lockedMs > 0) return { kind: "locked", seconds: Math.ceil(lockedMs / 1000) }
    if (timingSafeEqual(digest(token), this.#adminDigest)) {
      this.#guard.right(from)
      return ADMINISTRATOR
    }
    const isGuess = this.#adminIsJwt || !JWT.test(token)
    return isGuess && this.#guard.wrong(from, token, now) ? { kind: "anonymous", isNewGuess: true } : ANONYMOUS
  }

  /** What the control room's cookie holds: good on every replica, until `expires` or until a secret is changed. */
  signControlCookie(expires: number): string {
    return `${expires}.${this.tokens.sign(`control.${expires}.${this.#adminDigest.toString("hex")}`)}`
  }

  /** When the request's cookie ends, in seconds since 1970; nothing if it is not ours or has ended. */
  controlUntil(request: Request, now: number): number | undefined {
    const [, until, signature] = CONTROL.exec(request.headers.get("cookie") ?? "") ?? []
    if (until === undefined || Number(until) * 1000 <= now) return undefined
    const right = this.signControlCookie(Number(until))
    const given = `${Number(until)}.${signature}`
    return timingSafeEqual(digest(given), digest(right)) ? Number(until) : undefined
  }

  #customer(token: string, now: number): Principal | undefined {
    const customerId = this.tokens.customerOf(token, now)
    return customerId === undefined ? undefined : { kind: "customer", customerId }
  }
}

/** The token of `Authorization: Bearer`; the scheme's case does not matter (RFC 9110). */
function bearer(authorization: string): string {
  return /^bearer /i.test(authorization) ? authorization.slice(7) : ""
}

/** A browser sends its cookie with other sites' requests too, but it cannot be made to lie about their origin. */
export function isSameOrigin(request: Request): boolean {
  const origin = request.headers.get("origin")
  return origin !== null && URL.canParse(origin) && new URL(origin).host === request.headers.get("host")
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest()
}
