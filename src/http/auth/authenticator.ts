import { createHash, timingSafeEqual } from "node:crypto"
import type { Clock } from "../../runtime/time.ts"
import { bearerOf, type Customers, type Identified } from "./customers.ts"
import { LoginThrottle, subnetOf } from "./login-throttle.ts"
import type { TokenFault } from "./token-fault.ts"

/** Who sends a request. */
export type Principal =
  | Extract<Identified, { kind: "customer" }>
  | { kind: "administrator" }
  /** `fault`: why no customer. */
  | { kind: "anonymous"; fault?: TokenFault }
  /** A wrong administrator's token from an address that has sent too many. It may try again after `seconds`. */
  | { kind: "locked"; seconds: number }

const ANONYMOUS: Principal = { kind: "anonymous" }
const ADMINISTRATOR: Principal = { kind: "administrator" }
/** The control room's cookie: when it ends, in seconds since 1970, and a signature. */
const CONTROL_COOKIE = /(?:^|;\s*)control=(\d{1,12})\.([\w-]{43})(?:;|$)/
/** The shape of customers' tokens. A wrong token of this shape is not counted as a guess at the administrator's. */
const JWT = /^[\w-]+\.[\w-]+\.[\w-]*$/

/** Identifies the sender of a request. `now` is in milliseconds since 1970. */
export class Authenticator {
  readonly #adminDigest: Buffer
  readonly #adminIsJwt: boolean
  readonly #throttle = new LoginThrottle()

  constructor(
    readonly customers: Customers,
    adminToken: string,
    private readonly clock: Clock,
    /** Called with the subnet of each wrong administrator's token. */
    private readonly onWrongToken: (subnet: string) => void,
  ) {
    this.#adminDigest = digest(adminToken)
    this.#adminIsJwt = JWT.test(adminToken)
  }

  /** A customer, by token or cookie. With an `address`, also an administrator by token. */
  authenticate(request: Request, now: number, address?: string): Principal {
    const token = bearerOf(request)
    if (token === undefined) {
      return request.method === "GET" ? this.customers.byCookie(request, now) : this.customers.byOwnCookie(request, now)
    }
    const customer = this.customers.byToken(token, now)
    if (customer.kind === "customer" || address === undefined) return customer
    const other = this.checkAdminToken(token, address)
    return other.kind === "anonymous" ? { ...customer, ...other } : other
  }

  /** An administrator, by the token or by the control room's cookie. */
  authenticateAdministrator(request: Request, now: number, address: string): Principal {
    const token = bearerOf(request)
    if (token !== undefined) {
      const isCustomers = this.customers.byToken(token, now).kind === "customer"
      return isCustomers ? ANONYMOUS : this.checkAdminToken(token, address)
    }
    if (this.controlUntil(request, now) === undefined) return ANONYMOUS
    return request.method === "GET" || isSameOrigin(request) ? ADMINISTRATOR : ANONYMOUS
  }

  /** An administrator if `token` is theirs. A right token enters, however many wrong ones came from the same address. */
  checkAdminToken(token: string, address: string): Principal {
    if (token === "") return ANONYMOUS
    if (timingSafeEqual(digest(token), this.#adminDigest)) return ADMINISTRATOR
    if (!this.#adminIsJwt && JWT.test(token)) return ANONYMOUS
    const subnet = subnetOf(address)
    this.onWrongToken(subnet)
    const waitMs = this.#throttle.addFailure(subnet, token, this.clock.monotonic())
    return waitMs > 0 ? { kind: "locked", seconds: Math.ceil(waitMs / 1000) } : ANONYMOUS
  }

  /** The value of the control room's cookie. Every replica accepts it until `expires` or until a secret is changed. */
  signControlCookie(expires: number): string {
    return `${expires}.${this.customers.tokens.sign(`control.${expires}.${this.#adminDigest.toString("hex")}`)}`
  }

  /** When the request's control cookie ends, in seconds since 1970. Undefined if it is not genuine or has ended. */
  controlUntil(request: Request, now: number): number | undefined {
    const [, until, signature] = CONTROL_COOKIE.exec(request.headers.get("cookie") ?? "") ?? []
    if (until === undefined || Number(until) * 1000 <= now) return undefined
    const right = this.signControlCookie(Number(until))
    const given = `${Number(until)}.${signature}`
    return timingSafeEqual(digest(given), digest(right)) ? Number(until) : undefined
  }
}

/** Whether the request comes from a page of this site. Browsers set `Origin`, and scripts cannot change it. */
export function isSameOrigin(request: Request): boolean {
  const origin = request.headers.get("origin")
  return origin !== null && URL.canParse(origin) && new URL(origin).host === request.headers.get("host")
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest()
}
