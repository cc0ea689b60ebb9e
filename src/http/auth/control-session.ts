import type { Hono } from "hono"
import { ControlRequest } from "../../wire/wire.ts"
import { enter } from "../api/logbook.ts"
import { addressOf, type Env, type RequestContext } from "../context.ts"
import { readBody } from "../purchase/body.ts"
import { isSameOrigin } from "./authenticator.ts"

/** A launch night; whoever stays longer signs in again. */
const SESSION_SECONDS = 12 * 3600
/** Only administrators' routes see it, and no other site's page can make a browser send it. */
const ATTRIBUTES = "Path=/api/v1/admin; HttpOnly; SameSite=Strict"

/** The way into the control room: the token is given once, for a cookie that no script can read. */
export function signInRoute(app: Hono<Env>, context: RequestContext): void {
  const { authenticator, responses } = context
  app.post("/session", async c => {
    // Another site's page must not spend the guesses of this address.
    if (c.req.header("origin") !== undefined && !isSameOrigin(c.req.raw)) return responses.refusal("unauthorized")
    const body = await readBody(c.req.raw, ControlRequest)
    if (!body.ok) return responses.malformed(body)
    const asker = authenticator.checkAdminToken(body.value.token, addressOf(c))
    if (asker.kind === "locked") return responses.locked(asker.seconds)
    const isIn = asker.kind === "administrator"
    if (isIn || (asker.kind === "nobody" && asker.guessed)) await enter(context, c, isIn ? 201 : 401)
    if (!isIn) return responses.refusal("unauthorized")
    const expires = Math.floor(Date.now() / 1000) + SESSION_SECONDS
    const secure = c.req.header("x-forwarded-proto") === "https" ? "; Secure" : ""
    return responses.json(sessionOf(expires), 201, {
      "Set-Cookie": `control=${authenticator.signControlCookie(expires)}; Max-Age=${SESSION_SECONDS}; ${ATTRIBUTES}${secure}`,
    })
  })
}

/** For those who are in. */
export function sessionRoutes(app: Hono<Env>, { authenticator, responses }: RequestContext): void {
  app.get("/session", c => responses.json(sessionOf(authenticator.controlUntil(c.req.raw, Date.now()))))
  app.delete("/session", () => responses.json({}, 200, { "Set-Cookie": `control=; Max-Age=0; ${ATTRIBUTES}` }))
}

function sessionOf(expires: number | undefined): object {
  return expires === undefined ? {} : { expiresAt: new Date(expires * 1000).toISOString() }
}
