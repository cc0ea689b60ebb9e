const AUDIENCE = "doorbuster"
const CUSTOMER_ID = /^[A-Za-z0-9_-]{1,64}$/
const TOKEN_LENGTH_MAX = 2048

/**
 * Customers' tokens: JSON Web Tokens signed with HMAC-SHA-256 (RFC 7519, RFC 7515), which any JWT library can make.
 * Written by hand because every purchase checks one, and libraries take many times as long.
 */
export class CustomerTokens {
  readonly #header = encode({ alg: "HS256", typ: "JWT" })
  readonly #keyed: Bun.CryptoHasher

  constructor(secret: string) {
    this.#keyed = new Bun.CryptoHasher("sha256", secret)
  }

  /** `expires` is in seconds since 1970. */
  mint(customerId: string, expires: number): string {
    const signed = `${this.#header}.${encode({ sub: customerId, aud: AUDIENCE, exp: expires })}`
    return `${signed}.${this.sign(signed)}`
  }

  /** The customer that the token names. Undefined if it is not genuine or not valid at `nowMs`. */
  customerOf(token: string, nowMs: number): string | undefined {
    if (token.length > TOKEN_LENGTH_MAX) return undefined
    const payloadAt = token.indexOf(".") + 1
    const signatureAt = token.indexOf(".", payloadAt) + 1
    if (payloadAt === 0 || signatureAt === 0) return undefined
    const header = token.slice(0, payloadAt - 1)
    if (header !== this.#header && !isUnderstood(decode(header))) return undefined
    if (!isEqual(token.slice(signatureAt), this.sign(token.slice(0, signatureAt - 1)))) return undefined
    return customerIn(decode(token.slice(payloadAt, signatureAt - 1)), nowMs)
  }

  /** A signature of 43 characters that cannot be computed without the secret. */
  sign(text: string): string {
    return this.#keyed.copy().update(text).digest("base64url")
  }
}

/** A token with critical extensions is refused, because none is implemented (RFC 7515, 4.1.11). */
function isUnderstood(header: Record<string, unknown> | undefined): boolean {
  return header?.alg === "HS256" && header.crit === undefined
}

/** Compares in constant time, so that a signature cannot be guessed letter by letter. */
function isEqual(given: string, right: string): boolean {
  let difference = given.length ^ right.length
  for (let at = 0; at < right.length; at++) difference |= given.charCodeAt(at) ^ right.charCodeAt(at)
  return difference === 0
}

function customerIn(claims: Record<string, unknown> | undefined, nowMs: number): string | undefined {
  const { sub, aud, exp, nbf } = claims ?? {}
  if (typeof sub !== "string" || !CUSTOMER_ID.test(sub)) return undefined
  if (aud !== AUDIENCE && !(Array.isArray(aud) && aud.includes(AUDIENCE))) return undefined
  if (typeof exp !== "number" || !Number.isFinite(exp) || exp * 1000 <= nowMs) return undefined
  if (nbf !== undefined && !(typeof nbf === "number" && nbf * 1000 <= nowMs)) return undefined
  return sub
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url")
}

function decode(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(/[-_]/.test(text) ? Buffer.from(text, "base64url").toString() : atob(text))
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
