import { createHash, randomUUID } from "node:crypto"
import { SCOPES } from "../../../src/core/ports/credentials.ts"
import type { MadeCredential } from "../../../src/wire/wire.ts"
import { ADMIN_TOKEN, type Site } from "../site.ts"
import { encoded, signatureOf } from "../token.ts"

/** The tokens of operators and backends of each kind, made through the API, and one that was revoked. */
export type Made = Record<(typeof KINDS)[number], string>

export const KINDS = ["viewer", "operator", "owner", "revoked", ...SCOPES] as const

export async function makeCredentials(system: Site): Promise<Made> {
  const pairs = await Promise.all(
    KINDS.map(async kind => {
      const name = kind.replace(":", "-")
      const role = kind === "revoked" ? "owner" : kind
      const rights = kind.includes(":") ? { scopes: [kind] } : { role }
      return [kind, (await system.admin<MadeCredential>("POST", "/credentials", { name, ...rights })).token] as const
    }),
  )
  await system.admin("DELETE", "/credentials/revoked")
  return Object.fromEntries(pairs) as Made
}

/** The control room's cookie, made as decision 0016 says and without the code under test. Each is a session of its own. */
export function controlCookie({
  name = "admin",
  token = ADMIN_TOKEN,
  seconds = 3600,
  role = undefined as string | undefined,
} = {}): { Cookie: string } {
  const until = Math.floor(Date.now() / 1000) + seconds
  const payload = encoded({ id: randomUUID(), name, until, ...(role && { role }) })
  const digest = createHash("sha256").update(token).digest("hex")
  return { Cookie: `theme=dark; control=${payload}.${signatureOf(`control.${payload}.${digest}`)}` }
}
