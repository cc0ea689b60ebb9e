import { createHash } from "node:crypto"
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from "jose"

interface Granted {
  nonce: string
  challenge: string
  redirect: string
}

/** The provider of a company's accounts (OpenID Connect). It signs in whoever comes, as `person`. */
export class Company implements AsyncDisposable {
  static readonly CLIENT = "doorbuster-test"
  static readonly SECRET = "the company's secret"

  /** What the next ID token says of its holder. */
  person: Record<string, unknown> = {}
  /** Replaces claims that the provider sets by itself: `nonce`, `aud`, `iss`, `exp`. */
  wrong: Record<string, unknown> = {}
  /** Signs with a key that is not published. */
  signsWithOtherKey = false
  isDown = false
  /** Whom the published metadata says that they are. */
  claimedIssuer: string | undefined
  /** Codes that were exchanged, or that somebody tried to. */
  exchanges = 0
  readonly #codes = new Map<string, Granted>()
  readonly #server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: request => this.#answer(request) })

  private constructor(
    private readonly key: CryptoKey,
    private readonly otherKey: CryptoKey,
    private readonly published: JWK,
    private readonly host: string,
  ) {}

  /** `host`: how the provider is named, on this machine. */
  static async start(host = "127.0.0.1"): Promise<Company> {
    const [{ publicKey, privateKey }, other] = await Promise.all([generateKeyPair("RS256"), generateKeyPair("RS256")])
    const published = { ...(await exportJWK(publicKey)), kid: "k1", alg: "RS256", use: "sig" }
    return new Company(privateKey, other.privateKey, published, host)
  }

  get issuer(): string {
    return `http://${this.host}:${this.#server.port}`
  }

  /** Forgets every code, as after the minute that a code is good for. */
  expireCodes(): void {
    this.#codes.clear()
  }

  async #answer(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url)
    if (this.isDown) return new Response("down", { status: 500 })
    if (pathname === "/jwks") return Response.json({ keys: [this.published] })
    if (pathname === "/authorize") return this.#authorize(searchParams)
    if (pathname === "/token") return this.#exchange(request)
    if (pathname !== "/.well-known/openid-configuration") return new Response("nothing here", { status: 404 })
    return Response.json({
      issuer: this.claimedIssuer ?? this.issuer,
      authorization_endpoint: `${this.issuer}/authorize`,
      token_endpoint: `${this.issuer}/token`,
      jwks_uri: `${this.issuer}/jwks`,
      response_types_supported: ["code"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: ["RS256"],
    })
  }

  #authorize(asked: URLSearchParams): Response {
    const [redirect, nonce, challenge] = ["redirect_uri", "nonce", "code_challenge"].map(name => asked.get(name) ?? "")
    const isFit = asked.get("client_id") === Company.CLIENT && asked.get("code_challenge_method") === "S256"
    if (!isFit || !redirect || !nonce || !challenge) return new Response("a bad request", { status: 400 })
    const code = crypto.randomUUID()
    this.#codes.set(code, { nonce, challenge, redirect })
    const back = new URL(redirect)
    back.search = new URLSearchParams({ code, state: asked.get("state") ?? "" }).toString()
    return new Response(null, { status: 302, headers: { Location: back.href } })
  }

  async #exchange(request: Request): Promise<Response> {
    this.exchanges++
    const form = new URLSearchParams(await request.text())
    const [id, secret] = atob((request.headers.get("authorization") ?? "").replace("Basic ", ""))
      .split(":")
      .map(part => decodeURIComponent(part.replaceAll("+", " ")))
    if (id !== Company.CLIENT || secret !== Company.SECRET) {
      return Response.json({ error: "invalid_client" }, { status: 401, headers: { "WWW-Authenticate": "Basic" } })
    }
    const code = form.get("code") ?? ""
    const granted = this.#codes.get(code)
    // A code is good once.
    this.#codes.delete(code)
    const proved = createHash("sha256")
      .update(form.get("code_verifier") ?? "")
      .digest("base64url")
    if (granted?.challenge !== proved || granted.redirect !== form.get("redirect_uri")) {
      return Response.json({ error: "invalid_grant" }, { status: 400 })
    }
    return Response.json({ access_token: "unused", token_type: "Bearer", id_token: await this.#idToken(granted) })
  }

  #idToken({ nonce }: Granted): Promise<string> {
    const now = Math.floor(Date.now() / 1000)
    const own = { iss: this.issuer, aud: Company.CLIENT, sub: "00u1", nonce, iat: now, exp: now + 300 }
    return new SignJWT({ ...own, ...this.person, ...this.wrong })
      .setProtectedHeader({ alg: "RS256", kid: "k1" })
      .sign(this.signsWithOtherKey ? this.otherKey : this.key)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.stop(true)
  }
}
