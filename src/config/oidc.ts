import { ROLES, type Role } from "../core/ports/credentials.ts"
import { ConfigError, type Env, secret } from "./read.ts"

/** Where a company's accounts are (OpenID Connect), and what its groups may do here. */
export interface OidcSettings {
  issuer: string
  clientId: string
  clientSecret: string
  /** Where the provider sends operators back to: the operators' origin, with `OIDC_CALLBACK_PATH`. */
  redirectUrl: string
  scope: string
  /** The role of each group. Whoever is in none of them may not enter. */
  roles: ReadonlyMap<string, Role>
}

const OIDC_CALLBACK_PATH = "/api/v1/admin/session/oidc/callback"

export const OIDC_SETTINGS: [name: string, fallback: string, meaning: string][] = [
  ["OIDC_ISSUER", "none", "operators sign in with their company account at this provider too: https://HOST"],
  ["OIDC_CLIENT_ID", "none", "this system's name at the provider"],
  ["OIDC_CLIENT_SECRET", "none", "this system's secret at the provider"],
  ["OIDC_REDIRECT_URL", "none", `the operators' address, known to the provider: https://HOST${OIDC_CALLBACK_PATH}`],
  ["OIDC_ROLES", "none", "the roles of groups: shop-viewers=viewer,shop-ops=operator,shop-owners=owner"],
  ["OIDC_SCOPE", "openid profile email", "what is asked of the provider; some need groups as well"],
]

/** Undefined without any of the settings. Throws a `ConfigError` when there are some and not all of them. */
export function readOidc(env: Env): OidcSettings | undefined {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_REDIRECT_URL: redirectUrl, OIDC_ROLES: roles } = env
  const clientSecret = secret(env, "OIDC_CLIENT_SECRET", 1)
  if (!issuer && !clientId && !clientSecret && !redirectUrl && !roles) return undefined
  if (!issuer || !clientId || !clientSecret || !redirectUrl || !roles) {
    const given: Env = { ...env, OIDC_CLIENT_SECRET: clientSecret }
    const needed = ["OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_REDIRECT_URL", "OIDC_ROLES"] as const
    const missing = needed.filter(name => !given[name])
    throw new ConfigError(`Signing in with a company account also needs ${missing.join(", ")}.`)
  }
  const scope = env.OIDC_SCOPE || "openid profile email"
  if (!scope.split(" ").includes("openid")) {
    throw new ConfigError(`OIDC_SCOPE is ${JSON.stringify(scope)}, but must contain the word openid.`)
  }
  if (!isPrivate(issuer)) throw new ConfigError(`OIDC_ISSUER is ${JSON.stringify(issuer)}, but must be https://HOST.`)
  if (!isPrivate(redirectUrl) || !redirectUrl.endsWith(OIDC_CALLBACK_PATH) || /[?#]/.test(redirectUrl)) {
    const form = `https://HOST${OIDC_CALLBACK_PATH}`
    throw new ConfigError(`OIDC_REDIRECT_URL is ${JSON.stringify(redirectUrl)}, but must be ${form}.`)
  }
  return { issuer, clientId, clientSecret, redirectUrl, scope, roles: readRoles(roles) }
}

/** Whether what is sent there can be read by that host alone. Plain HTTP does within this machine. */
function isPrivate(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined
  return (
    url?.protocol === "https:" ||
    (url?.protocol === "http:" && ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname))
  )
}

function readRoles(text: string): Map<string, Role> {
  const roles = new Map<string, Role>()
  for (const part of text.split(",")) {
    const at = part.lastIndexOf("=")
    const group = part.slice(0, Math.max(0, at)).trim()
    const role = ROLES.find(role => role === part.slice(at + 1).trim())
    if (!group || !role) {
      throw new ConfigError(
        `OIDC_ROLES has ${JSON.stringify(part)}, but must be GROUP=ROLE,GROUP=ROLE with the roles ${ROLES.join(", ")}.`,
      )
    }
    if (roles.has(group)) throw new ConfigError(`OIDC_ROLES has the group ${JSON.stringify(group)} twice.`)
    roles.set(group, role)
  }
  return roles
}
