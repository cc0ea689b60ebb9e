import { ADMIN_TOKEN, SESSION_SECRET } from "../system.ts"
import { encoded, tokenOf } from "../token.ts"
import { controlCookie, type Made } from "./made-credentials.ts"

export const OWNER = "owner"
const OWNERS = tokenOf(OWNER)
const [HEADER, PAYLOAD, SIGNATURE] = OWNERS.split(".") as [string, string, string]
const HOUR = 3600
const now = Math.floor(Date.now() / 1000)

type Credentials = (port: number, made: Made) => Record<string, string>

/** Every kind of credential that a request may have. */
export const CREDENTIALS = {
  anonymous: () => ({}),
  stranger: () => bearer(tokenOf("stranger")),
  owner: () => bearer(OWNERS),
  admin: () => bearer(ADMIN_TOKEN),
  forged: () => bearer(tokenOf(OWNER, {}, "another secret, as long as the right one, or longer")),
  unsigned: () => bearer(`${encoded({ alg: "none", typ: "JWT" })}.${PAYLOAD}.`),
  expired: () => bearer(tokenOf(OWNER, { exp: now - HOUR })),
  audience: () => bearer(tokenOf(OWNER, { aud: "another-shop" })),
  early: () => bearer(tokenOf(OWNER, { nbf: now + HOUR })),
  critical: () => bearer(tokenOf(OWNER, {}, SESSION_SECRET, { alg: "HS256", crit: ["x"], x: 1 })),
  unnamed: () => bearer(tokenOf("no\nname")),
  noBearer: () => ({ Authorization: OWNERS }),
  cookie: () => cookie(OWNERS),
  foreign: () => ({ ...cookie(OWNERS), Origin: "https://evil.example" }),
  same: port => ({ ...cookie(OWNERS), Origin: `http://127.0.0.1:${port}` }),
  adminCookie: port => ({ ...cookie(ADMIN_TOKEN), Origin: `http://127.0.0.1:${port}` }),
  control: () => controlCookie(),
  controlForeign: () => ({ ...controlCookie(), Origin: "https://evil.example" }),
  controlSame: port => ({ ...controlCookie(), ...own(port) }),
  controlEnded: port => ({ ...controlCookie({ seconds: -HOUR }), ...own(port) }),
  controlForged: port => ({ ...controlCookie({ token: "another token" }), ...own(port) }),
  controlRaised: (port, made) => ({
    ...controlCookie({ name: "viewer", token: made.viewer, role: "owner" }),
    ...own(port),
  }),
  viewer: (_, made) => bearer(made.viewer),
  viewerCookie: (port, made) => ({ ...controlCookie({ name: "viewer", token: made.viewer }), ...own(port) }),
  operator: (_, made) => bearer(made.operator),
  ownerRole: (_, made) => bearer(made.owner),
  revoked: (_, made) => bearer(made.revoked),
  revokedCookie: (port, made) => ({ ...controlCookie({ name: "revoked", token: made.revoked }), ...own(port) }),
  readsOrders: (_, made) => bearer(made["orders:read"]),
  writesOrders: (_, made) => bearer(made["orders:write"]),
  mints: (_, made) => bearer(made["sessions:mint"]),
  steersSales: (_, made) => bearer(made["sales:steer"]),
  backendCookie: (port, made) => ({
    ...controlCookie({ name: "sales-steer", token: made["sales:steer"] }),
    ...own(port),
  }),
} satisfies Record<string, Credentials>

export type Credential = keyof typeof CREDENTIALS

export function headersFor(name: Credential, port: number, made: Made): [string, string][] {
  return Object.entries((CREDENTIALS[name] as Credentials)(port, made))
}

/** The owner's token with one letter changed, for every letter of its signature. */
export function nearMisses(): string[] {
  return [...SIGNATURE].map((letter, at) => {
    const wrong = letter === "A" ? "Q" : "A"
    return `${HEADER}.${PAYLOAD}.${SIGNATURE.slice(0, at)}${wrong}${SIGNATURE.slice(at + 1)}`
  })
}

function bearer(token: string): Record<string, string> {
  return { Authorization: `Bearer ${token}` }
}

/** What a browser adds to a request of this site's own page. */
function own(port: number): Record<string, string> {
  return { Origin: `http://127.0.0.1:${port}` }
}

function cookie(token: string): Record<string, string> {
  return { Cookie: `theme=dark; session=${token}` }
}
