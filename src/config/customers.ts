import { ConfigError, type Env, matching, oneOf, secret } from "./read.ts"

export const SESSION_SECRET_BYTES_MIN = 32
export const CUSTOMER_ID_SECRET_BYTES_MIN = 32
/** The `aud` of sessions. */
export const SESSION_AUDIENCE = "doorbuster"

/** Who may buy, and how a request says who it is. */
export interface CustomerSettings {
  /** Verifies tokens that were signed before `sessionSecret` was changed. It signs nothing. */
  sessionSecretPrevious: string | undefined
  /** Turns a shop's names into customer ids. It never changes, or customers would lose their orders. */
  customerIdSecret: string | undefined
  /** The keys that sign a shop's own tokens, and what those must say. */
  shopKeys: ShopKeySettings | undefined
  /** The shop's address as buyers see it. Undefined: plain cookies, and a page's origin is compared with `Host`. */
  publicOrigin: string | undefined
  /** Pages of these origins may call the shop's API. They get tokens and no cookie. */
  allowedOrigins: readonly string[]
  /** Whether anybody may become a customer, without signing in at a shop. */
  anonymous: boolean
}

export interface ShopKeySettings {
  /** Where a shop publishes its keys. */
  url: string
  /** The `iss` of its tokens. Undefined: whoever has one of the keys may be the issuer. */
  issuer: string | undefined
  /** What their `aud` contains. */
  audience: string
  /** What their `scope` contains. Undefined: anything. */
  scope: string | undefined
}

export const CUSTOMER_SETTINGS: [name: string, fallback: string, meaning: string][] = [
  ["SESSION_SECRET_PREVIOUS", "none", "the secret before; its tokens stay good until they end"],
  ["CUSTOMER_ID_SECRET", "made at first start", "turns names such as auth0|x into customer ids; must never change"],
  ["JWKS_URL", "none", "the keys of a shop that signs its buyers' tokens itself: https://HOST/jwks.json"],
  ["JWKS_ISSUER", "any", "the iss that tokens signed with these keys must have"],
  ["JWKS_AUDIENCE", "doorbuster", "what their aud must contain"],
  ["JWKS_SCOPE", "any", "a word that their scope must contain"],
  ["PUBLIC_ORIGIN", "none", "the shop's address, https://HOST: cookies are then Secure, with the prefix __Host-"],
  ["ALLOWED_ORIGINS", "none", "other sites whose pages may call the shop's API: https://HOST,https://HOST"],
  ["ANONYMOUS", "on", "off: only customers that a shop names can buy"],
]

export function readCustomers(env: Env): CustomerSettings {
  return {
    sessionSecretPrevious: secret(env, "SESSION_SECRET_PREVIOUS", SESSION_SECRET_BYTES_MIN),
    customerIdSecret: secret(env, "CUSTOMER_ID_SECRET", CUSTOMER_ID_SECRET_BYTES_MIN),
    shopKeys: readShopKeys(env),
    publicOrigin: env.PUBLIC_ORIGIN ? origin("PUBLIC_ORIGIN", env.PUBLIC_ORIGIN) : undefined,
    allowedOrigins: (env.ALLOWED_ORIGINS ?? "")
      .split(",")
      .map(text => text.trim())
      .filter(Boolean)
      .map(text => origin("ALLOWED_ORIGINS", text)),
    anonymous: oneOf(env, "ANONYMOUS", ["on", "off"], "on") === "on",
  }
}

function origin(name: string, text: string): string {
  if (/^https?:\/\//.test(text) && URL.canParse(text) && new URL(text).origin === text) return text
  const form = name === "PUBLIC_ORIGIN" ? "https://HOST" : "https://HOST,https://HOST"
  throw new ConfigError(`${name} has ${JSON.stringify(text)}, but must be ${form}, without a path.`)
}

function readShopKeys(env: Env): ShopKeySettings | undefined {
  const { JWKS_URL: url, JWKS_ISSUER: issuer, JWKS_AUDIENCE: audience, JWKS_SCOPE: scope } = env
  if (url) {
    return {
      url: jwksUrl(url),
      issuer: issuer || undefined,
      audience: audience || SESSION_AUDIENCE,
      scope: matching(env, "JWKS_SCOPE", /^[!#-[\]-~]+$/),
    }
  }
  const alone = Object.entries({ JWKS_ISSUER: issuer, JWKS_AUDIENCE: audience, JWKS_SCOPE: scope }).find(([, it]) => it)
  if (alone) throw new ConfigError(`${alone[0]} is set, but JWKS_URL, whose tokens it is about, is not.`)
  return undefined
}

/** Keys that came over plain HTTP from another machine could be anybody's. */
function jwksUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isLocal = url?.protocol === "http:" && ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname)
  if (url?.protocol === "https:" || isLocal) return text
  throw new ConfigError(`JWKS_URL is ${JSON.stringify(text)}, but must be https://HOST/PATH.`)
}
