import { createHash } from "node:crypto"
import type { Configuration } from "openid-client"
import type { OidcSettings } from "../../config/oidc.ts"
import type { Time } from "../../runtime/time.ts"
import { ATTEMPT_SECONDS, attemptOf, type CompanyAttempt, sealed } from "./company-attempt.ts"
import { type CompanySignIn, personOf } from "./company-person.ts"

/** A provider that does not answer for so long is down. */
const PROVIDER_MAX_SECONDS = 5
/** After a failure to reach the provider it is asked again at most this often, whoever tries. */
const COOLDOWN_MS = 1000
/** Codes that are exchanged at the same time. A flood of false codes is refused beyond that, and not passed on. */
const EXCHANGES_MAX = 16
/** Signs operators in with their accounts at an OpenID provider: authorization code, PKCE, state and nonce. */
export class CompanyAccounts {
  /** Sessions are bound to it: another provider or other roles end them. */
  readonly digest: string
  readonly isSecure: boolean
  #known: Configuration | undefined
  #asking: Promise<Configuration> | undefined
  #failedAt = Number.NEGATIVE_INFINITY
  #exchanges = 0

  constructor(
    private readonly settings: OidcSettings,
    /** A signature of 43 characters that cannot be computed without a secret. */
    private readonly sign: (text: string) => string,
    private readonly time: Time,
  ) {
    const { issuer, clientId, roles, redirectUrl } = settings
    this.digest = createHash("sha256")
      .update(JSON.stringify([issuer, clientId, [...roles]]))
      .digest("hex")
    this.isSecure = redirectUrl.startsWith("https:")
  }

  /** Where to send the browser, and what its cookie keeps. Undefined if the provider is down. */
  async start(): Promise<{ url: string; cookie: string } | undefined> {
    const provider = await this.#provider().catch(() => undefined)
    if (!provider) return undefined
    const client = await import("openid-client")
    const attempt: CompanyAttempt = {
      state: client.randomState(),
      nonce: client.randomNonce(),
      verifier: client.randomPKCECodeVerifier(),
      until: Math.floor(this.time.now() / 1000) + ATTEMPT_SECONDS,
    }
    const url = client.buildAuthorizationUrl(provider, {
      redirect_uri: this.settings.redirectUrl,
      scope: this.settings.scope,
      state: attempt.state,
      nonce: attempt.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(attempt.verifier),
      code_challenge_method: "S256",
    })
    return { url: url.href, cookie: sealed(attempt, this.#signatureOf) }
  }

  /** Judges what the provider sent this browser back with. */
  async finish(request: Request): Promise<CompanySignIn> {
    const attempt = attemptOf(request, this.#signatureOf, this.time.now())
    const { search, searchParams } = new URL(request.url)
    if (!attempt) return { kind: "refused", reason: "no attempt of this browser is under way" }
    // A false state costs the provider nothing.
    if (searchParams.get("state") !== attempt.state) return { kind: "refused", reason: "state" }
    if (this.#exchanges >= EXCHANGES_MAX) return { kind: "down", reason: "too many at the same time" }
    this.#exchanges++
    try {
      return await this.#exchange(attempt, search)
    } finally {
      this.#exchanges--
    }
  }

  async #exchange({ state, nonce, verifier }: CompanyAttempt, search: string): Promise<CompanySignIn> {
    const client = await import("openid-client")
    try {
      const answer = await client.authorizationCodeGrant(
        await this.#provider(),
        new URL(search, this.settings.redirectUrl),
        { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true },
      )
      return personOf(answer.claims() ?? {}, this.settings.roles)
    } catch (error) {
      return faultOf(error)
    }
  }

  /** What the provider publishes of itself, read once. Rejects if it cannot be read. */
  async #provider(): Promise<Configuration> {
    if (this.#known) return this.#known
    if (this.time.monotonic() - this.#failedAt < COOLDOWN_MS) throw new Error("The provider was down just now.")
    this.#asking ??= this.#discovered().finally(() => {
      this.#asking = undefined
    })
    return this.#asking
  }

  async #discovered(): Promise<Configuration> {
    const { issuer, clientId, clientSecret } = this.settings
    const client = await import("openid-client")
    const execute = [
      // The provider's keys must have signed who somebody is, also where TLS says that the answer is the provider's.
      client.enableNonRepudiationChecks,
      ...(issuer.startsWith("http:") ? [client.allowInsecureRequests] : []),
    ]
    try {
      this.#known = await client.discovery(
        new URL(issuer),
        clientId,
        undefined,
        client.ClientSecretBasic(clientSecret),
        { execute, timeout: PROVIDER_MAX_SECONDS },
      )
      return this.#known
    } catch (error) {
      this.#failedAt = this.time.monotonic()
      throw error
    }
  }

  readonly #signatureOf = (payload: string) => this.sign(`oidc.${payload}.${this.digest}`)
}

/** Whether the provider, or what it was sent, is to blame. A refusal that it meant has a code and no status of a failure. */
function faultOf(error: unknown): CompanySignIn {
  const { message, code, error: said, status, cause } = error as ResponseError
  const isMeant = code?.startsWith("OAUTH_") === true && code !== "OAUTH_TIMEOUT"
  const answered = status ?? (cause instanceof Response ? cause.status : 0)
  const reason = [message, code, said].filter(Boolean).join(", ")
  return { kind: isMeant && answered < 500 ? "refused" : "down", reason }
}

/** What the library's errors may have. */
type ResponseError = Error & { code?: string; error?: string; status?: number }
