import { createHash, randomBytes, timingSafeEqual } from "node:crypto"
import { type Credential, ROLES, type Role, type Scope } from "../../core/ports/credentials.ts"
import type { Clock } from "../../runtime/time.ts"
import type { Directory } from "./directory.ts"
import { LoginThrottle, subnetOf } from "./login-throttle.ts"

/** Whoever holds a token that is not a customer's, or why there is nobody. */
export type Holder =
  | { kind: "administrator"; name: string; role: Role }
  | { kind: "backend"; name: string; scopes: readonly Scope[] }
  | { kind: "anonymous" }
  /** A wrong token from an address that has sent too many. It may try again after `seconds`. */
  | { kind: "locked"; seconds: number }

/** The owner whose token is ADMIN_TOKEN. No other credential may have this name. */
const ADMIN = "admin"
/** The tokens that this system makes: what they are for, and 32 random bytes. */
const MADE = /^db[ob]_[\w-]{43}$/
/** The shape of customers' tokens. A wrong token of this shape is not counted as a guess at an administrator's. */
const JWT = /^[\w-]+\.[\w-]+\.[\w-]*$/
const ANONYMOUS: Holder = { kind: "anonymous" }

interface OperatorsParts {
  adminToken: string
  directory: Directory
  clock: Clock
  /** Called with the subnet of each wrong token. */
  onWrongToken(subnet: string): void
}

/** Identifies operators and backends by their tokens. */
export class Operators {
  readonly directory: Directory
  readonly #adminDigest: Buffer
  readonly #adminIsJwt: boolean
  readonly #throttle = new LoginThrottle()

  constructor(private readonly parts: OperatorsParts) {
    this.directory = parts.directory
    this.#adminDigest = digestOf(parts.adminToken)
    this.#adminIsJwt = JWT.test(parts.adminToken)
  }

  /**
   * The holder of a token. A right token enters, however many wrong ones came from the same address. Rejects with an
   * `InventoryFault` if the credentials cannot be read, which ADMIN_TOKEN never needs.
   */
  async byToken(token: string, address: string): Promise<Holder> {
    if (token === "") return ANONYMOUS
    const digest = digestOf(token)
    if (timingSafeEqual(digest, this.#adminDigest)) return { kind: "administrator", name: ADMIN, role: "owner" }
    if (MADE.test(token)) {
      // A search by digest tells nothing of the token by the time that it takes.
      const credential = (await this.directory.fresh()).byDigest.get(digest.toString("hex"))
      if (credential) return holderOf(credential)
    } else if (!this.#adminIsJwt && JWT.test(token)) return ANONYMOUS
    const subnet = subnetOf(address)
    this.parts.onWrongToken(subnet)
    const waitMs = this.#throttle.addFailure(subnet, token, this.parts.clock.monotonic())
    return waitMs > 0 ? { kind: "locked", seconds: Math.ceil(waitMs / 1000) } : ANONYMOUS
  }

  /** What the signature of an operator's session depends on, and the present role. Undefined if there is no such operator. */
  async present(name: string): Promise<{ digest: string; role: Role } | undefined> {
    if (name === ADMIN) return { digest: this.#adminDigest.toString("hex"), role: "owner" }
    const credential = (await this.directory.fresh()).byName.get(name)
    return credential?.role && { digest: credential.digest, role: credential.role }
  }
}

/** A new token, and what is kept of it. Its prefix says what it is, to people and to scanners that look for lost secrets. */
export function newToken(kind: "operator" | "backend"): { token: string; digest: string } {
  const token = `db${kind === "operator" ? "o" : "b"}_${randomBytes(32).toString("base64url")}`
  return { token, digest: digestOf(token).toString("hex") }
}

/** What the holder lacks to do something, in words. Customers lack nothing here: they are limited to what is their own. */
export function missingFrom(
  holder: Holder | { kind: "customer" },
  needed: { role?: Role; scope?: Scope },
): string | undefined {
  const { role, scope } = needed
  if (holder.kind === "administrator" && role) {
    return ROLES.indexOf(holder.role) < ROLES.indexOf(role) ? `the role ${role}` : undefined
  }
  if (holder.kind === "backend" && scope) return holder.scopes.includes(scope) ? undefined : `the scope ${scope}`
  return undefined
}

function holderOf({ name, role, scopes = [] }: Credential): Holder {
  return role ? { kind: "administrator", name, role } : { kind: "backend", name, scopes }
}

function digestOf(text: string): Buffer {
  return createHash("sha256").update(text).digest()
}
