import { timingSafeEqual } from "node:crypto"

/** How long a person has to sign in at the provider. */
export const ATTEMPT_SECONDS = 600
const COOKIE = /(?:^|;\s*)(?:__Host-)?oidc=([\w-]{1,600})\.([\w-]{43})(?:;|$)/

/** What the browser keeps while its person is at the provider. */
export interface CompanyAttempt {
  state: string
  nonce: string
  verifier: string
  /** In seconds since 1970. */
  until: number
}

/** The value of an attempt's cookie. `sign` gives 43 characters that cannot be computed without a secret. */
export function sealed(attempt: CompanyAttempt, sign: (text: string) => string): string {
  const payload = Buffer.from(JSON.stringify(attempt)).toString("base64url")
  return `${payload}.${sign(payload)}`
}

/** The attempt of the request's cookie, if it is genuine and not over. `now` is in milliseconds since 1970. */
export function attemptOf(request: Request, sign: (text: string) => string, now: number): CompanyAttempt | undefined {
  const [, payload, given = ""] = COOKIE.exec(request.headers.get("cookie") ?? "") ?? []
  if (payload === undefined || !timingSafeEqual(Buffer.from(given), Buffer.from(sign(payload)))) return undefined
  const attempt = JSON.parse(Buffer.from(payload, "base64url").toString()) as CompanyAttempt
  return attempt.until * 1000 > now ? attempt : undefined
}
