import * as wire from "../../wire/wire.ts"
import { record } from "../api/logbook.ts"
import { adminRoute, malformed, tooLarge } from "../api/route.ts"
import { addressOf } from "../context.ts"
import { isSameOrigin } from "./authenticator.ts"

/** The length of a launch night. Afterwards an administrator signs in again. */
const CONTROL_SESSION_SECONDS = 12 * 3600
/** The cookie goes to administrators' routes only, and no other site's page can make a browser send it. */
const CONTROL_ATTRIBUTES = "Path=/api/v1/admin; HttpOnly; SameSite=Strict"

/** Takes the administrator's token once and gives a cookie for it that no script can read. */
export const signIn = adminRoute(
  {
    method: "post",
    path: "/session",
    operationId: "signIn",
    summary: "Sign in to the control room",
    access: "anyone",
    description:
      "Gives a `control` cookie, HttpOnly and SameSite=Strict, that opens these routes for 12 hours; what changes something then needs a same-origin `Origin`.",
    body: wire.ControlRequest,
    answers: [{ status: 201, description: "You are in.", schema: wire.ControlSession }, malformed, tooLarge],
  },
  async (context, c, { body }) => {
    const { authenticator, responses, time } = context
    // Otherwise a page of another site could use up the guesses of its visitor's address.
    if (c.req.header("origin") !== undefined && !isSameOrigin(c.req.raw)) return responses.refusal("unauthorized")
    const principal = authenticator.checkAdminToken(body.token, addressOf(c))
    if (principal.kind === "locked") return responses.locked(principal.seconds)
    if (principal.kind !== "administrator") return responses.refusal("unauthorized")
    await record(context, c, 201)
    const expires = Math.floor(time.now() / 1000) + CONTROL_SESSION_SECONDS
    const cookie = `control=${authenticator.signControlCookie(expires)}; Max-Age=${CONTROL_SESSION_SECONDS}`
    return responses.json({ expiresAt: timeOf(expires) }, 201, {
      "Set-Cookie": `${cookie}; ${CONTROL_ATTRIBUTES}${authenticator.customers.origins.isSecure && c.req.header("origin") === authenticator.customers.origins.publicOrigin ? "; Secure" : ""}`,
    })
  },
)

export const controlSessionRoutes = [
  adminRoute(
    {
      method: "get",
      path: "/session",
      operationId: "readSession",
      summary: "Until when the cookie is good",
      answers: [{ status: 200, description: "You are in; with a cookie, until when.", schema: wire.ControlSession }],
    },
    ({ authenticator, responses, time }, c) => {
      const expires = authenticator.controlUntil(c.req.raw, time.now())
      return responses.json(expires === undefined ? {} : { expiresAt: timeOf(expires) })
    },
  ),
  adminRoute(
    {
      method: "delete",
      path: "/session",
      operationId: "signOut",
      summary: "Sign out",
      answers: [{ status: 200, description: "The cookie is gone.", schema: wire.ControlSession }],
    },
    ({ responses }) => responses.json({}, 200, { "Set-Cookie": `control=; Max-Age=0; ${CONTROL_ATTRIBUTES}` }),
  ),
]

function timeOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString()
}
