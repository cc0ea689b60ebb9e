import { createHash } from "node:crypto"
import { ADMIN_TOKEN, SESSION_SECRET } from "../system.ts"
import { encoded, signatureOf, tokenOf } from "../token.ts"

export const OWNER = "owner"
const OWNERS = tokenOf(OWNER)
const [HEADER, PAYLOAD, SIGNATURE] = OWNERS.split(".") as [string, string, string]
const HOUR = 3600
const now = Math.floor(Date.now() / 1000)

type Credentials = (port: number) => Record<string, string>

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
  control: () => control(),
  controlForeign: () => ({ ...control(), Origin: "https://evil.example" }),
  controlSame: port => ({ ...control(), Origin: `http://127.0.0.1:${port}` }),
  controlEnded: port => ({ ...control(-HOUR), Origin: `http://127.0.0.1:${port}` }),
  controlForged: port => ({ ...control(HOUR, "another token"), Origin: `http://127.0.0.1:${port}` }),
} satisfies Record<string, Credentials>

export type Credential = keyof typeof CREDENTIALS

export function headersFor(name: Credential, port: number): [string, string][] {
  return Object.entries((CREDENTIALS[name] as Credentials)(port))
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

/** The control room's cookie, made as decision 0016 says and without the code under test. */
function control(seconds = HOUR, adminToken = ADMIN_TOKEN): Record<string, string> {
  const until = now + seconds
  const token = createHash("sha256").update(adminToken).digest("hex")
  return { Cookie: `theme=dark; control=${until}.${signatureOf(`control.${until}.${token}`)}` }
}

function cookie(token: string): Record<string, string> {
  return { Cookie: `theme=dark; session=${token}` }
}
