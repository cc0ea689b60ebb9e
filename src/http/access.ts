import { createHash, timingSafeEqual } from "node:crypto"
import type { Identity } from "./identity.ts"

/** Who is asking. */
export type Asker = { kind: "customer"; customerId: string } | { kind: "administrator" } | { kind: "nobody" }

const NOBODY: Asker = { kind: "nobody" }
const COOKIE = /(?:^|;\s*)session=([^;]+)/

/** Reads tokens from requests. */
export class Access {
  readonly #adminDigest: Buffer

  constructor(
    readonly identity: Identity,
    adminToken: string,
  ) {
    this.#adminDigest = digest(adminToken)
  }

  asker(request: Request, now: number): Asker {
    const authorization = request.headers.get("authorization")
    if (authorization !== null) {
      const token = bearer(authorization)
      return this.#customer(token, now) ?? (this.#isAdmin(token) ? { kind: "administrator" } : NOBODY)
    }
    const cookie = request.headers.get("cookie")
    const token = cookie === null ? undefined : COOKIE.exec(cookie)?.[1]
    if (!token || (request.method !== "GET" && !isSameOrigin(request))) return NOBODY
    return this.#customer(token, now) ?? NOBODY
  }

  isAdministrator(request: Request): boolean {
    return this.#isAdmin(bearer(request.headers.get("authorization") ?? ""))
  }

  #customer(token: string, now: number): Asker | undefined {
    const customerId = this.identity.customerOf(token, now)
    return customerId === undefined ? undefined : { kind: "customer", customerId }
  }

  #isAdmin(token: string): boolean {
    return token !== "" && timingSafeEqual(digest(token), this.#adminDigest)
  }
}

/** The token of `Authorization: Bearer`; the scheme's case does not matter (RFC 9110). */
function bearer(authorization: string): string {
  return /^bearer /i.test(authorization) ? authorization.slice(7) : ""
}

/** A browser sends its cookie with other sites' requests too, but it cannot be made to lie about their origin. */
function isSameOrigin(request: Request): boolean {
  const origin = request.headers.get("origin")
  return origin !== null && URL.canParse(origin) && new URL(origin).host === request.headers.get("host")
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest()
}
