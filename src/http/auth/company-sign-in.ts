import * as wire from "../../wire/wire.ts"
import { record } from "../api/logbook.ts"
import { adminRoute, forbidden } from "../api/route.ts"
import { addressOf } from "../context.ts"
import { ATTEMPT_SECONDS } from "./company-attempt.ts"
import { controlCookie } from "./control-cookie.ts"
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
      answers: [
        { status: 303, description: "To the provider, or with Accept: text/html to the page that says why not." },
        notConfigured,
      ],
    },
    async ({ company, responses }, c) => {
      if (!company) return responses.notOffered(NOT_OFFERED)
      const started = await company.start()
      if (!started && isPerson(c.req.raw)) return responses.empty(303, { Location: refusedPage("down") })
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
      answers: [
        {
          status: 303,
          description:
            "You are in: to the control room. With Accept: text/html a refusal leads to its sign-in page, which says why.",
        },
        forbidden,
        notConfigured,
      ],
    },
    async (context, c) => {
      const { company, responses, time, log, failedSignIns, authenticator } = context
      if (!company) return responses.notOffered(NOT_OFFERED)
      const found = await company.finish(c.req.raw)
      const spent = attemptCookie("", 0, company.isSecure)
      if (found.kind !== "person") {
        log.warn({ ...found, address: addressOf(c) }, "a sign-in with a company account failed")
        // These are counted, as wrong tokens are: no repetition pushes anything out of the logbook.
        if (found.kind !== "down") failedSignIns.add(subnetOf(addressOf(c)))
        if (isPerson(c.req.raw)) {
          return responses.empty(303, { Location: refusedPage(found.kind), "Set-Cookie": spent })
        }
        if (found.kind === "down") return responses.refusal("overloaded", { detail: DOWN }, { "Set-Cookie": spent })
        if (found.kind === "no_role") return responses.forbidden(NO_ROLE, { "Set-Cookie": spent })
        return responses.refusal("unauthorized", { detail: REFUSED }, { "Set-Cookie": spent })
      }
      const { name, role, subject } = found
      const expires = Math.floor(time.now() / 1000) + COMPANY_SESSION_SECONDS
      const session = await authenticator.cookies.open(name, expires, role)
      if (session === undefined) return responses.refusal("unauthorized", { detail: REFUSED })
      c.set("by", name)
      c.set("subject", `${role} ${subject}`)
      await record(context, c, 303)
      // The way on is fixed: nothing of the request can lead elsewhere.
      const response = responses.empty(303, { Location: "/control", "Set-Cookie": spent })
      response.headers.append("Set-Cookie", controlCookie(session, COMPANY_SESSION_SECONDS, company.isSecure))
      return response
    },
  ),
]

/** A browser that shows what comes. It is led to the sign-in page, which says the reason in the reader's language. */
function isPerson(request: Request): boolean {
  return request.headers.get("accept")?.includes("text/html") === true
}

function refusedPage(reason: "no_role" | "refused" | "down"): string {
  return `/control?refused=${reason}`
}

/** Lax, because the browser comes back from the provider's site. */
function attemptCookie(value: string, seconds: number, isSecure: boolean): string {
  const kept = `oidc=${value}; Max-Age=${seconds}; HttpOnly; SameSite=Lax`
  return isSecure ? `__Host-${kept}; Path=/; Secure` : `${kept}; Path=${ATTEMPT_PATH}`
}
