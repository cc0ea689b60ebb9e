import { createHash } from "node:crypto"
import { type CompactVerifyResult, compactVerify, createLocalJWKSet, errors, type JSONWebKeySet, type JWK } from "jose"
import { SESSION_AUDIENCE, type ShopKeySettings } from "../../config/customers.ts"
import type { Clock } from "../../runtime/time.ts"
import { bearerOf } from "./customers.ts"
import type { TokenFault } from "./token-fault.ts"
import { type Claims, decode, TOKEN_LENGTH_MAX } from "./tokens.ts"

const RSA_BITS_MIN = 2048
const ALGORITHMS = ["RS256", "ES256", "EdDSA"]
/** A token is verified again after this, so that a key that the shop has withdrawn does not live on. */
const REMEMBERED_MS = 10 * 60_000
const REFRESH_MS = 10 * 60_000
/** A token with an unknown key has the keys read again, at most this often, whoever sends it. */
const COOLDOWN_MS = 30_000
/** The same while there are no keys at all. */
const FIRST_COOLDOWN_MS = 1_000
const FETCH_MAX_MS = 5_000
/** Genuine tokens: about 500 bytes each. */
const GENUINE_MAX = 20_000
const REFUSED_MAX = 1_000
/** Verifications under way. A flood of forged tokens is refused beyond that. */
const WAITING_MAX = 256

type Known = { claims: Claims | TokenFault; until: number }

/**
 * Verifies tokens that a shop signed with keys of its own. That takes long, so it is done before the request is handled, and
 * what was found is remembered: `claimsOf` answers at once.
 */
export class ShopKeys {
  readonly #genuine = new Map<string, Known>()
  readonly #refused = new Map<string, Known>()
  #find: ReturnType<typeof createLocalJWKSet> | undefined
  #reading: Promise<void> | undefined
  #readAt = Number.NEGATIVE_INFINITY
  #waiting = 0

  constructor(
    private readonly settings: ShopKeySettings,
    private readonly clock: Clock,
  ) {}

  /** What is known of a token, for `CustomerTokens`. Call `learn` first. */
  claimsOf(token: string): Claims | TokenFault {
    const digest = digestOf(token)
    const known = this.#known(digest)
    // What was used last is kept longest.
    if (typeof known?.claims === "object") remember(this.#genuine, digest, known, GENUINE_MAX)
    return known?.claims ?? "signature"
  }

  /**
   * Resolves once the token of the request is known. Undefined if there is nothing to wait for, as with every token that is
   * not asymmetric. Resolves to a sentence if the token cannot be judged now.
   */
  learn(request: Request): Promise<string | undefined> | undefined {
    const token = bearerOf(request) ?? cookieToken(request)
    if (token === undefined || token.length > TOKEN_LENGTH_MAX) return undefined
    const alg = decode(token.slice(0, Math.max(0, token.indexOf("."))))?.alg
    if (typeof alg !== "string" || !ALGORITHMS.includes(alg)) return undefined
    const digest = digestOf(token)
    if (this.#known(digest)) return undefined
    if (this.#waiting >= WAITING_MAX) return Promise.resolve("Too many unknown tokens wait to be verified.")
    this.#waiting++
    return this.#verify(token, digest).finally(() => this.#waiting--)
  }

  async #verify(token: string, digest: string): Promise<string | undefined> {
    await this.#freshKeys()
    let result = await this.#claims(token)
    if (result === "no key" && (await this.#readAgain())) result = await this.#claims(token)
    if (result === "no key" && this.#find === undefined) return "The shop's keys cannot be read now."
    const claims = result === "no key" ? "signature" : result
    const isGenuine = typeof claims === "object"
    const ms = isGenuine ? REMEMBERED_MS : COOLDOWN_MS
    const known = { claims, until: this.clock.monotonic() + ms }
    remember(isGenuine ? this.#genuine : this.#refused, digest, known, isGenuine ? GENUINE_MAX : REFUSED_MAX)
    return undefined
  }

  async #claims(token: string): Promise<Claims | TokenFault | "no key"> {
    if (!this.#find) return "no key"
    try {
      return judged(await claimsBy(this.#find, token), this.settings)
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey) return "no key"
      if (error instanceof errors.JWSSignatureVerificationFailed) return "signature"
      return "malformed"
    }
  }

  /** Waits for the first keys only. Later ones are read while the known ones serve. */
  async #freshKeys(): Promise<void> {
    if (this.#find === undefined) return void (await this.#readAgain())
    if (this.clock.monotonic() - this.#readAt > REFRESH_MS) void this.#readAgain()
  }

  /** Whether the keys were read just now. At most one request is under way, and none sooner than the cool-down allows. */
  async #readAgain(): Promise<boolean> {
    if (!this.#reading) {
      const pause = this.#find ? COOLDOWN_MS : FIRST_COOLDOWN_MS
      if (this.clock.monotonic() - this.#readAt < pause) return false
      this.#readAt = this.clock.monotonic()
      this.#reading = this.#read().finally(() => {
        this.#reading = undefined
      })
    }
    await this.#reading
    return true
  }

  /** When the keys cannot be read, the known ones go on serving. */
  async #read(): Promise<void> {
    try {
      const response = await fetch(this.settings.url, { signal: AbortSignal.timeout(FETCH_MAX_MS), redirect: "error" })
      if (!response.ok) return
      const { keys } = (await response.json()) as JSONWebKeySet
      this.#find = createLocalJWKSet({ keys: keys.filter(isStrong) })
    } catch {
      // Asked again after the cool-down.
    }
  }

  #known(digest: string): Known | undefined {
    const known = this.#genuine.get(digest) ?? this.#refused.get(digest)
    return known && known.until > this.clock.monotonic() ? known : undefined
  }
}

/** Short RSA keys can be broken: their tokens are refused as those of an unknown key. */
function isStrong({ kty, n }: JWK): boolean {
  return kty !== "RSA" || modulusBits(n) >= RSA_BITS_MIN
}

/** The length of a modulus, in base64url as RFC 7518 (6.3.1.1) has it. */
function modulusBits(text = ""): number {
  return BigInt(`0x0${Buffer.from(text, "base64url").toString("hex")}`).toString(2).length
}

/** Undefined if there are none that can be read. */
async function claimsBy(find: ReturnType<typeof createLocalJWKSet>, token: string): Promise<Claims | undefined> {
  const { payload } = await compactVerify(token, find, { algorithms: ALGORITHMS }).catch(error => {
    if (error instanceof errors.JWKSMultipleMatchingKeys) return byOneOf(error, token)
    throw error
  })
  return decodeJson(payload)
}

/** The claims as this system's own token would have them, or what they lack. */
function judged(claims: Claims | undefined, { issuer, audience, scope }: ShopKeySettings): Claims | TokenFault {
  if (!claims) return "malformed"
  if (issuer !== undefined && claims.iss !== issuer) return "issuer"
  if (claims.aud !== audience && !(Array.isArray(claims.aud) && claims.aud.includes(audience))) return "audience"
  // A string of words (RFC 9068), or a list as some providers make.
  const scopes: unknown[] = Array.isArray(claims.scope) ? claims.scope : String(claims.scope ?? "").split(" ")
  if (scope !== undefined && !scopes.includes(scope)) return "scope"
  // A shop's token is never one of this system's own, whatever it says.
  return { ...claims, iss: "", aud: SESSION_AUDIENCE }
}

/** The token names no key, and several would fit. */
async function byOneOf(keys: AsyncIterable<CryptoKey>, token: string): Promise<CompactVerifyResult> {
  for await (const key of keys) {
    const verified = await compactVerify(token, key, { algorithms: ALGORITHMS }).catch(() => undefined)
    if (verified) return verified
  }
  throw new errors.JWSSignatureVerificationFailed()
}

function decodeJson(payload: Uint8Array): Claims | undefined {
  const value: unknown = JSON.parse(new TextDecoder().decode(payload))
  return typeof value === "object" && value !== null ? (value as Claims) : undefined
}

function cookieToken(request: Request): string | undefined {
  return /(?:^|;\s*)(?:__Host-)?session=([^;]+)/.exec(request.headers.get("cookie") ?? "")?.[1]
}

function digestOf(token: string): string {
  return createHash("sha256").update(token).digest("base64")
}

/** Adds an entry as the newest. Drops the oldest if there are more than `most`. */
function remember(map: Map<string, Known>, digest: string, known: Known, most: number): void {
  map.delete(digest)
  map.set(digest, known)
  if (map.size <= most) return
  const [oldest] = map.keys()
  if (oldest !== undefined) map.delete(oldest)
}
