import * as wire from "../../wire/wire.ts"
import { record } from "../api/logbook.ts"
import { adminRoute, malformed, tooLarge } from "../api/route.ts"
import { addressOf } from "../context.ts"
import { isSameOrigin } from "./authenticator.ts"
import { controlCookie } from "./control-cookie.ts"

/** The length of a launch night. Afterwards an administrator signs in again. */
const CONTROL_SESSION_SECONDS = 12 * 3600
/** Takes the administrator's token once and gives a cookie for it that no script can read. */
export const signIn = adminRoute(
  {
    method: "post",
    path: "/session",
    operationId: "signIn",
    summary: "Sign in to the control room, with the token of any operator",
    access: "anyone",
    description:
      "Gives a `control` cookie (`__Host-control` on the HTTPS page of PUBLIC_ORIGIN), HttpOnly and SameSite=Strict, that opens these routes for 12 hours; what changes something then needs a same-origin `Origin`.",
    body: wire.ControlRequest,
    answers: [{ status: 201, description: "You are in.", schema: wire.ControlSession }, malformed, tooLarge],
  },
  async (context, c, { body }) => {
    const { authenticator, responses, time } = context
    const { operators, cookies } = authenticator
    // Otherwise a page of another site could use up the guesses of its visitor's address.
    if (c.req.header("origin") !== undefined && !isSameOrigin(c.req.raw)) return responses.refusal("unauthorized")
    const holder = await operators.byToken(body.token, addressOf(c))
    if (holder.kind === "locked") return responses.locked(holder.seconds)
    if (holder.kind !== "administrator") return responses.refusal("unauthorized")
    const { name, role } = holder
    const expires = Math.floor(time.now() / 1000) + CONTROL_SESSION_SECONDS
    const value = await cookies.open(name, expires)
    if (value === undefined) return responses.refusal("unauthorized")
    c.set("by", name)
    await record(context, c, 201)
    const { isSecure, publicOrigin } = authenticator.customers.origins
    const cookie = controlCookie(value, CONTROL_SESSION_SECONDS, isSecure && c.req.header("origin") === publicOrigin)
    return responses.json({ expiresAt: timeOf(expires), name, role }, 201, { "Set-Cookie": cookie })
  },
)

export const controlSessionRoutes = [
  adminRoute(
    {
      method: "get",
      path: "/session",
      operationId: "readSession",
      summary: "Who you are, and until when the cookie is good",
      answers: [{ status: 200, description: "You are in; with a cookie, until when.", schema: wire.ControlSession }],
    },
    async ({ authenticator, responses, time }, c) => {
      const holder = await authenticator.authenticateAdministrator(c.req.raw, time.now(), addressOf(c))
      if (holder.kind !== "administrator") return responses.refusal("unauthorized")
      const { name, role, session } = holder
      return responses.json({ name, role, ...(session && { expiresAt: timeOf(session.until) }) })
    },
  ),
  adminRoute(
    {
      method: "delete",
      path: "/session",
      operationId: "signOut",
      summary: "Sign out",
      description: "When the answer comes, no replica accepts the cookie any more, nor a copy of it.",
      role: "viewer",
      answers: [{ status: 200, description: "The session has ended.", schema: wire.ControlSession }],
    },
    async ({ authenticator, responses, time }, c) => {
      const session = c.get("session")
      if (session) {
        const { directory } = authenticator.operators
        const { id, until } = session
        await directory.store.endSession({ id, until }, Math.floor(time.now() / 1000))
        await directory.settled()
      }
      const isSecure = c.req.header("cookie")?.includes("__Host-control=") === true
      return responses.json({}, 200, { "Set-Cookie": controlCookie("", 0, isSecure) })
    },
  ),
]

function timeOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString()
}
