import type { CustomerIds } from "../../wire/customer-ids.ts"
import { Recent } from "./recent.ts"
import type { TokenFault } from "./token-fault.ts"

/** Tokens of identity providers have many claims. A header of nginx may have 8 kB. */
export const TOKEN_LENGTH_MAX = 4096
/** Clocks of a shop and of this system may differ by this much. */
const LEEWAY_MS = 60_000

/** Genuine tokens of buyers who came lately, about 1 kB each, because buyers come again. Longer ones are verified each time. */
const REMEMBERED = 5_000
const REMEMBERED_LENGTH_MAX = 1024

/** What a token is for. One of our own for another use is refused for its audience. */
const AUDIENCES = { session: "doorbuster", renewal: "doorbuster-renewal", form: "doorbuster-form" } as const
/** The issuer of this system's own tokens. */
const OWN = "doorbuster"
/** Anonymous customers of tokens that an earlier version made. */
const EARLIER_ANONYMOUS = /^c_[0-9a-f]{32}$/
export type TokenUse = keyof typeof AUDIENCES

export type Claims = Record<string, unknown>

/** A token that is genuine and valid. */
export interface Verified {
  customerId: string
  /** Seconds since 1970. */
  expires: number
  /** Whether this system made it for somebody whom no shop knows. */
  isAnonymous: boolean
}

/** The claims of a token whose signature another key proves, or why there are none. It is asked synchronously. */
export interface OtherKeys {
  claimsOf(token: string): Claims | TokenFault
}

/** A token whose signature is right. What time and use make of it is judged each time. */
interface Genuine {
  claims: Claims
  /** Undefined if this system cannot keep the token's `sub`. */
  customerId: string | undefined
}

export type Minted = Pick<Verified, "customerId" | "isAnonymous">

interface TokenOptions {
  secret: string
  /** Verifies, and never signs. */
  previous?: string | undefined
  customerIds: CustomerIds
  /** Names this system in its own tokens. Undefined while the store has not said it. */
  systemId(): string | undefined
  otherKeys?: OtherKeys | undefined
}

/**
 * Customers' tokens: JSON Web Tokens signed with HMAC-SHA-256 (RFC 7519, RFC 7515), which any JWT library can make.
 * Written by hand because every purchase checks one, and libraries take many times as long.
 */
export class CustomerTokens {
  readonly #header = encode({ alg: "HS256", typ: "JWT" })
  readonly #keyed: Bun.CryptoHasher
  readonly #keyedBefore: Bun.CryptoHasher | undefined
  /** By the whole text. The secrets are those of this object, so what was genuine remains so. */
  readonly #remembered = new Recent<Genuine>(REMEMBERED)

  constructor(private readonly options: TokenOptions) {
    const { secret, previous } = options
    this.#keyed = new Bun.CryptoHasher("sha256", secret)
    this.#keyedBefore = previous === undefined ? undefined : new Bun.CryptoHasher("sha256", previous)
  }

  /** Makes a token of this system's own. `now` and `expires` are in seconds since 1970. */
  mint(use: TokenUse, { customerId, isAnonymous }: Minted, now: number, expires: number): string {
    const system = this.options.systemId()
    const claims = { sub: customerId, aud: AUDIENCES[use], iat: now, exp: expires, iss: OWN, anonymous: isAnonymous }
    const signed = `${this.#header}.${encode(system === undefined ? claims : { ...claims, sys: system })}`
    return `${signed}.${this.sign(signed)}`
  }

  /** The customer that a token names, or why it is refused at `nowMs`. */
  verify(token: string, nowMs: number, use: TokenUse = "session"): Verified | TokenFault {
    const genuine = this.#genuine(token)
    return typeof genuine === "string" ? genuine : this.#judge(genuine, nowMs, use)
  }

  /** An anonymous customer's token that is genuine, whether or not it has ended. */
  verifyEnded(token: string, use: TokenUse): Verified | undefined {
    const genuine = this.#genuine(token)
    if (typeof genuine === "string" || typeof genuine.claims.exp !== "number") return undefined
    const verified = this.#judge(genuine, genuine.claims.exp * 1000 - 1, use)
    return typeof verified === "object" && verified.isAnonymous ? verified : undefined
  }

  /** The customer's id for a shop's name of its customer. Undefined if this system cannot keep the name. */
  customerIdOf(subject: string): string | undefined {
    return this.options.customerIds.of(subject)
  }

  /** A signature of 43 characters that cannot be computed without the secret. */
  sign(text: string): string {
    return this.#keyed.copy().update(text).digest("base64url")
  }

  #genuine(token: string): Genuine | TokenFault {
    const remembered = this.#remembered.get(token)
    if (remembered) return remembered
    if (token.length > TOKEN_LENGTH_MAX) return "malformed"
    const payloadAt = token.indexOf(".") + 1
    const signatureAt = token.indexOf(".", payloadAt) + 1
    if (payloadAt === 0 || signatureAt === 0) return "malformed"
    const header = token.slice(0, payloadAt - 1)
    if (header !== this.#header) {
      const decoded = decode(header)
      if (!decoded) return "malformed"
      if (decoded.alg !== "HS256") return this.#byOtherKeys(token)
      // Critical extensions are refused, because none is implemented (RFC 7515, 4.1.11).
      if (decoded.crit !== undefined) return "algorithm"
    }
    if (!this.#isSigned(token.slice(0, signatureAt - 1), token.slice(signatureAt))) return "signature"
    const claims = decode(token.slice(payloadAt, signatureAt - 1))
    if (!claims) return "malformed"
    const genuine = this.#named(claims)
    if (token.length <= REMEMBERED_LENGTH_MAX) this.#remembered.set(token, genuine)
    return genuine
  }

  /** Whoever has the other keys remembers for how long they are good. */
  #byOtherKeys(token: string): Genuine | TokenFault {
    const claims = this.options.otherKeys?.claimsOf(token) ?? "algorithm"
    return typeof claims === "string" ? claims : this.#named(claims)
  }

  #named(claims: Claims): Genuine {
    const { sub } = claims
    return { claims, customerId: typeof sub === "string" ? this.options.customerIds.of(sub) : undefined }
  }

  #isSigned(text: string, signature: string): boolean {
    if (isEqual(signature, this.sign(text))) return true
    const before = this.#keyedBefore
    return before !== undefined && isEqual(signature, before.copy().update(text).digest("base64url"))
  }

  #judge({ claims, customerId }: Genuine, nowMs: number, use: TokenUse): Verified | TokenFault {
    const { aud, exp, nbf, iat, iss, sys, anonymous } = claims
    if (aud !== AUDIENCES[use] && !(Array.isArray(aud) && aud.includes(AUDIENCES[use]))) return "audience"
    const system = this.options.systemId()
    if (iss === OWN && sys !== undefined && system !== undefined && sys !== system) return "system"
    if (customerId === undefined) return "subject"
    if (typeof exp !== "number" || !Number.isFinite(exp) || exp * 1000 + LEEWAY_MS <= nowMs) return "expired"
    if (isAfter(nbf, nowMs) || isAfter(iat, nowMs)) return "early"
    const isAnonymous = iss === OWN ? anonymous === true : iss === undefined && EARLIER_ANONYMOUS.test(customerId)
    return { customerId, expires: exp, isAnonymous }
  }
}

/** Whether a token begins to be good only after `nowMs`, or when nobody knows. */
function isAfter(from: unknown, nowMs: number): boolean {
  return from !== undefined && !(typeof from === "number" && from * 1000 - LEEWAY_MS <= nowMs)
}

/** Compares in constant time, so that a signature cannot be guessed letter by letter. */
function isEqual(given: string, right: string): boolean {
  let difference = given.length ^ right.length
  for (let at = 0; at < right.length; at++) difference |= given.charCodeAt(at) ^ right.charCodeAt(at)
  return difference === 0
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url")
}

/** The JSON object in one part of a token. Undefined if there is none. */
export function decode(text: string): Claims | undefined {
  try {
    const value: unknown = JSON.parse(decodeText(text))
    return typeof value === "object" && value !== null ? (value as Claims) : undefined
  } catch {
    return undefined
  }
}

/** `atob` is faster, but reads each byte as one character, so it serves ASCII alone. */
function decodeText(text: string): string {
  const quick = /[-_]/.test(text) ? undefined : atob(text)
  return quick !== undefined && /^[ -~\s]*$/.test(quick) ? quick : Buffer.from(text, "base64url").toString()
}
