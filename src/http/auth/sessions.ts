import type { Hono } from "hono"
import { newKey } from "../../runtime/random.ts"
import type { Env, RequestContext } from "../context.ts"
import type { CustomerTokens } from "./tokens.ts"

const SESSION_SECONDS = 24 * 3600

export function sessionRoutes(app: Hono<Env>, { authenticator, responses }: RequestContext): void {
  app.post("/api/v1/sessions", c => {
    const { cookie, ...session } = newSession(authenticator.identity, c.req.raw)
    return responses.json(session, 201, { "Set-Cookie": cookie })
  })
}

/** An anonymous buyer: a token, and the cookie that carries it out of every script's reach. */
export function newSession(identity: CustomerTokens, request: Request) {
  const customerId = `c_${newKey().replaceAll("-", "")}`
  const expires = Math.floor(Date.now() / 1000) + SESSION_SECONDS
  const token = identity.mint(customerId, expires)
  const secure = request.headers.get("x-forwarded-proto") === "https" ? "; Secure" : ""
  const cookie = `session=${token}; Path=/; Max-Age=${SESSION_SECONDS}; HttpOnly; SameSite=Lax${secure}`
  return { token, customerId, expiresAt: new Date(expires * 1000).toISOString(), cookie }
}
