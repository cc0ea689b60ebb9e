import * as wire from "../../wire/wire.ts"
import { record } from "../api/logbook.ts"
import { adminRoute, forbidden } from "../api/route.ts"
import { addressOf } from "../context.ts"
import { ATTEMPT_SECONDS } from "./company-attempt.ts"
import { subnetOf } from "./login-throttle.ts"

/** Shorter than a token's session: somebody who leaves the company keeps the control room until it ends. */
const COMPANY_SESSION_SECONDS = 4 * 3600
const ATTEMPT_PATH = "/api/v1/admin/session/oidc"
const NO_ROLE = "a group of your company account that has a role here; whoever runs this system can add one"
const DOWN = "The company's sign-in cannot be reached now. Try again, or sign in with a token."
const NOT_OFFERED = "This system has no sign-in with a company account."
const REFUSED = "That sign-in is over or was not started here. Start it again in the control room."

const notConfigured = { status: 404, description: "`not_offered`: there is no sign-in with a company account." }

export const companySignInRoutes = [
  adminRoute(
    {
      method: "get",
      path: "/session/ways",
      operationId: "signInWays",
      summary: "Whether operators can also sign in with their company account",
      access: "anyone",
      answers: [{ status: 200, description: "The ways to sign in.", schema: wire.SignInWays }],
    },
    ({ company, responses }) => responses.json({ company: company !== undefined }),
  ),
  adminRoute(
    {
      method: "get",
      path: "/session/oidc",
      operationId: "startCompanySignIn",
      summary: "Go to the company's sign-in (OpenID Connect)",
      description:
        "For browsers: redirects to the provider of OIDC_ISSUER, with PKCE, and gives an `oidc` cookie for ten minutes that ties the answer to this browser.",
      access: "anyone",
      answers: [{ status: 303, description: "To the provider." }, notConfigured],
    },
    async ({ company, responses }) => {
      if (!company) return responses.notOffered(NOT_OFFERED)
      const started = await company.start()
      if (!started) return responses.refusal("overloaded", { detail: DOWN })
      const cookie = attemptCookie(started.cookie, ATTEMPT_SECONDS, company.isSecure)
      return responses.empty(303, { Location: started.url, "Set-Cookie": cookie })
    },
  ),
  adminRoute(
    {
      method: "get",
      path: "/session/oidc/callback",
      operationId: "signInWithCompany",
      summary: "Come back from the company's sign-in",
      description:
        "The provider sends browsers here. The highest role of the account's `groups`, as OIDC_ROLES has it, goes into a `control` cookie for four hours, and the browser goes to /control.",
      access: "anyone",
      answers: [{ status: 303, description: "You are in: to the control room." }, forbidden, notConfigured],
    },
    async (context, c) => {
      const { company, responses, time, log, failedSignIns, authenticator } = context
      if (!company) return responses.notOffered(NOT_OFFERED)
      const found = await company.finish(c.req.raw)
      const spent = attemptCookie("", 0, company.isSecure)
      if (found.kind !== "person") {
        log.warn({ ...found, address: addressOf(c) }, "a sign-in with a company account failed")
        if (found.kind === "down") return responses.refusal("overloaded", { detail: DOWN }, { "Set-Cookie": spent })
        // These are counted, as wrong tokens are: no repetition pushes anything out of the logbook.
        failedSignIns.add(subnetOf(addressOf(c)))
        if (found.kind === "no_role") return responses.forbidden(NO_ROLE, { "Set-Cookie": spent })
        return responses.refusal("unauthorized", { detail: REFUSED }, { "Set-Cookie": spent })
      }
      const { name, role, subject } = found
      const expires = Math.floor(time.now() / 1000) + COMPANY_SESSION_SECONDS
      const session = await authenticator.cookies.open(name, expires, role)
      c.set("by", name)
      c.set("subject", `${role} ${subject}`)
      await record(context, c, 303)
      // The way on is fixed: nothing of the request can lead elsewhere.
      const response = responses.empty(303, { Location: "/control", "Set-Cookie": spent })
      const attributes = `Max-Age=${COMPANY_SESSION_SECONDS}; Path=/api/v1/admin; HttpOnly; SameSite=Strict`
      response.headers.append("Set-Cookie", `control=${session}; ${attributes}${company.isSecure ? "; Secure" : ""}`)
      return response
    },
  ),
]

/** Lax, because the browser comes back from the provider's site. */
function attemptCookie(value: string, seconds: number, isSecure: boolean): string {
  return `oidc=${value}; Max-Age=${seconds}; Path=${ATTEMPT_PATH}; HttpOnly; SameSite=Lax${isSecure ? "; Secure" : ""}`
}
