import { randomBytes, timingSafeEqual } from "node:crypto"
import { ROLES, type Role } from "../../core/ports/credentials.ts"
import type { Operators } from "./operators.ts"

/** The first is only sent by the host that set it, over HTTPS, so it wins. */
const COOKIES = [
  /(?:^|;\s*)__Host-control=([\w-]{1,600})\.([\w-]{43})(?:;|$)/,
  /(?:^|;\s*)control=([\w-]{1,600})\.([\w-]{43})(?:;|$)/,
]

/** A session of the control room. Its cookie says all of it; the store keeps only those that were ended before their time. */
export interface ControlSession {
  id: string
  name: string
  /** In seconds since 1970. */
  until: number
  /** Only with a company account: the role that its groups had when it signed in. */
  companyRole?: Role
}

/**
 * What a browser is told to keep. No script can read it, and no other site's page can make the browser send it. With HTTPS no
 * other host can plant it; without, as on the operators' loopback port, it goes to administrators' routes only.
 */
export function controlCookie(value: string, seconds: number, isSecure: boolean): string {
  const kept = `control=${value}; Max-Age=${seconds}; HttpOnly; SameSite=Strict`
  return isSecure ? `__Host-${kept}; Path=/; Secure` : `${kept}; Path=/api/v1/admin`
}

/** Makes and reads the control room's cookies. Every replica accepts them until they end, or until the operator is revoked. */
export class ControlCookies {
  constructor(
    private readonly operators: Operators,
    /** A signature of 43 characters that cannot be computed without a secret. */
    private readonly sign: (text: string) => string,
    /** A digest of the provider of company accounts and of its groups' roles. Undefined: no such session is good. */
    private readonly company: string | undefined,
  ) {}

  /**
   * The value of a new session's cookie. `until` is in seconds since 1970; `companyRole` is a company account's. Undefined if there is
   * no such operator any more.
   */
  async open(name: string, until: number, companyRole?: Role): Promise<string | undefined> {
    const id = randomBytes(16).toString("base64url")
    const session: ControlSession = { id, name, until, ...(companyRole && { companyRole }) }
    const payload = Buffer.from(JSON.stringify(session)).toString("base64url")
    const signature = await this.#signatureOf(payload, session)
    return signature && `${payload}.${signature.text}`
  }

  /** The session of the request's cookie, if it is genuine and has not ended. `now` is in milliseconds since 1970. */
  async read(request: Request, now: number): Promise<(ControlSession & { role: Role }) | undefined> {
    const text = request.headers.get("cookie") ?? ""
    const [, payload, given = ""] = COOKIES.map(pattern => pattern.exec(text)).find(Boolean) ?? []
    const session = payload === undefined ? undefined : sessionIn(payload)
    if (payload === undefined || !session || session.until * 1000 <= now) return undefined
    const right = await this.#signatureOf(payload, session)
    if (!right || !timingSafeEqual(Buffer.from(given), Buffer.from(right.text))) return undefined
    const { isEnded } = await this.operators.directory.fresh()
    return isEnded(session) ? undefined : { ...session, role: right.role }
  }

  /**
   * A session of an operator is bound to the token that opened it: one that was made later under the same name has another. That
   * of a company account is bound to the settings: a change of them ends it.
   */
  async #signatureOf(
    payload: string,
    { name, companyRole: role }: ControlSession,
  ): Promise<{ text: string; role: Role } | undefined> {
    if (role && this.company === undefined) return undefined
    if (role) return { text: this.sign(`control.${payload}.company.${this.company}`), role }
    const present = await this.operators.present(name)
    return present && { text: this.sign(`control.${payload}.${present.digest}`), role: present.role }
  }
}

function sessionIn(payload: string): ControlSession | undefined {
  try {
    const session = JSON.parse(Buffer.from(payload, "base64url").toString()) as Partial<ControlSession>
    const { id, name, until, companyRole } = session
    if (typeof id !== "string" || typeof name !== "string" || typeof until !== "number") return undefined
    if (companyRole !== undefined && !ROLES.includes(companyRole)) return undefined
    return { id, name, until, ...(companyRole && { companyRole }) }
  } catch {
    return undefined
  }
}
