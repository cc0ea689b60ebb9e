/** Judges which site's page sent a request, by headers that browsers set and no page can change. */
export class Origins {
  readonly #allowed: ReadonlySet<string>

  /** `publicOrigin`: the shop's address as buyers see it. Undefined: what `Host` says. */
  constructor(
    readonly publicOrigin: string | undefined,
    allowedOrigins: readonly string[],
  ) {
    this.#allowed = new Set(allowedOrigins)
  }

  /** Whether the shop is reached over HTTPS. */
  get isSecure(): boolean {
    return this.publicOrigin?.startsWith("https:") === true
  }

  /** Whether any other site may call the shop's API. */
  get allowsOthers(): boolean {
    return this.#allowed.size > 0
  }

  /** Whether a page of this shop sent the request. Every browser sends `Origin` with a request that changes something. */
  isOwn(request: Request): boolean {
    const { headers } = request
    const origin = headers.get("origin")
    if (origin === null) return false
    if (this.publicOrigin !== undefined) return origin === this.publicOrigin
    if (URL.canParse(origin) && new URL(origin).host === headers.get("host")) return true
    // A proxy may have changed `Host`. The browser itself compared the origins.
    return headers.get("sec-fetch-site") === "same-origin"
  }

  /** Whether a browser sent the request for a page of another site. A program sends neither header. */
  isForeign(request: Request): boolean {
    const { headers } = request
    const site = headers.get("sec-fetch-site")
    if (site !== null && site !== "same-origin" && site !== "none") return true
    return headers.has("origin") && !this.isOwn(request)
  }

  /** The origin of the request's page, if it is one of ALLOWED_ORIGINS. */
  allowedOrigin(request: Request): string | undefined {
    const origin = request.headers.get("origin")
    return origin !== null && this.#allowed.has(origin) ? origin : undefined
  }
}
