import type { ControlCookies, ControlSession } from "./control-cookie.ts"
import { bearerOf, type Customers, type Identified } from "./customers.ts"
import type { Holder, Operators } from "./operators.ts"
import type { TokenFault } from "./token-fault.ts"

/** Who sends a request. */
export type Principal =
  | Extract<Identified, { kind: "customer" }>
  | Exclude<Holder, { kind: "anonymous" }>
  /** `fault`: why no customer. */
  | { kind: "anonymous"; fault?: TokenFault }

const ANONYMOUS = { kind: "anonymous" } as const

/** Identifies the sender of a request. `now` is in milliseconds since 1970. */
export class Authenticator {
  constructor(
    readonly customers: Customers,
    readonly operators: Operators,
    readonly cookies: ControlCookies,
  ) {}

  /** A customer, by token or cookie. */
  authenticate(request: Request, now: number): Identified {
    const token = bearerOf(request)
    if (token !== undefined) return this.customers.byToken(token, now)
    return request.method === "GET" ? this.customers.byCookie(request, now) : this.customers.byOwnCookie(request, now)
  }

  /** A customer, by token or cookie; an administrator or a backend, by token. Rejects with an `InventoryFault`. */
  async authenticateAnyone(request: Request, now: number, address: string): Promise<Principal> {
    const customer = this.authenticate(request, now)
    const token = bearerOf(request)
    if (customer.kind === "customer" || token === undefined) return customer
    const other = await this.operators.byToken(token, address)
    return other.kind === "anonymous" ? customer : other
  }

  /**
   * An administrator, by token or by the control room's cookie, which has a session. A backend is nobody here. Rejects with
   * an `InventoryFault`.
   */
  async authenticateAdministrator(
    request: Request,
    now: number,
    address: string,
  ): Promise<Exclude<Holder, { kind: "backend" }> & { session?: ControlSession }> {
    const token = bearerOf(request)
    if (token !== undefined) {
      const isCustomers = this.customers.byToken(token, now).kind === "customer"
      const holder = isCustomers ? ANONYMOUS : await this.operators.byToken(token, address)
      return holder.kind === "backend" ? ANONYMOUS : holder
    }
    if (request.method !== "GET" && !isSameOrigin(request)) return ANONYMOUS
    const session = await this.cookies.read(request, now)
    return session ? { kind: "administrator", name: session.name, role: session.role, session } : ANONYMOUS
  }
}

/** Whether the request comes from a page of this site. Browsers set `Origin`, and scripts cannot change it. */
export function isSameOrigin(request: Request): boolean {
  const origin = request.headers.get("origin")
  return origin !== null && URL.canParse(origin) && new URL(origin).host === request.headers.get("host")
}
