import type { Hono } from "hono"
import type { Door, Env } from "./door.ts"
import { newKey } from "./random.ts"

const SESSION_SECONDS = 24 * 3600

export function sessionRoutes(app: Hono<Env>, { access, replies }: Door): void {
  app.post("/api/v1/sessions", c => {
    const customerId = `c_${newKey().replaceAll("-", "")}`
    const expires = Math.floor(Date.now() / 1000) + SESSION_SECONDS
    const token = access.identity.mint(customerId, expires)
    const secure = c.req.header("x-forwarded-proto") === "https" ? "; Secure" : ""
    return replies.json({ token, customerId, expiresAt: new Date(expires * 1000).toISOString() }, 201, {
      "Set-Cookie": `session=${token}; Path=/; Max-Age=${SESSION_SECONDS}; HttpOnly; SameSite=Lax${secure}`,
    })
  })
}
