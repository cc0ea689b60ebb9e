import type { Credential } from "../../core/ports/credentials.ts"
import * as wire from "../../wire/wire.ts"
import { newToken } from "../auth/operators.ts"
import { adminRoute, malformed, tooLarge } from "./route.ts"

/** Operators and shops' backends. Only an owner manages them; every change is in the logbook. */
export const credentialRoutes = [
  adminRoute(
    {
      method: "get",
      path: "/credentials",
      operationId: "listCredentials",
      summary: "Every operator and every shop's backend",
      description: "ADMIN_TOKEN, whose holder is the owner `admin`, is not in the list.",
      role: "owner",
      answers: [{ status: 200, description: "All of them, without their tokens.", schema: wire.CredentialList }],
    },
    async ({ authenticator, responses }) => {
      const { credentials } = await authenticator.operators.directory.store.credentials()
      return responses.json({ credentials: credentials.sort(byAge).map(credentialToWire) })
    },
  ),
  adminRoute(
    {
      method: "post",
      path: "/credentials",
      operationId: "addCredential",
      summary: "Make an operator or a shop's backend",
      description: "If the answer was lost, revoke the name and make it again: nobody has its token.",
      role: "owner",
      body: wire.NewCredential,
      answers: [
        { status: 201, description: "Made, with its token, which is shown only now.", schema: wire.MadeCredential },
        malformed,
        { status: 409, description: "`name_taken`; or `too_many`: there are 200." },
        tooLarge,
      ],
    },
    async ({ authenticator, responses, time }, c, { body }) => {
      const { name, role, scopes } = body
      c.set("subject", name)
      const { token, digest } = newToken(role ? "operator" : "backend")
      const credential: Credential = {
        name,
        ...(role && { role }),
        ...(scopes && { scopes: [...new Set(scopes)] }),
        digest,
        createdAt: time.now(),
        createdBy: c.get("by") ?? "",
      }
      const { directory } = authenticator.operators
      const result = await directory.store.addCredential(credential)
      if (result !== "added") return responses.conflict(result === "exists" ? "name_taken" : "too_many")
      await directory.settled()
      return responses.json({ ...credentialToWire(credential), token }, 201)
    },
  ),
  adminRoute(
    {
      method: "delete",
      path: "/credentials/:name",
      operationId: "revokeCredential",
      summary: "Revoke a token, and the sessions that were opened with it",
      description: "When the answer comes, no replica accepts them any more.",
      role: "owner",
      answers: [
        { status: 200, description: "Revoked.", schema: wire.CredentialList },
        { status: 404, description: "`not_found`." },
      ],
    },
    async ({ authenticator, responses }, c) => {
      const name = c.req.param("name")
      c.set("subject", name)
      const { directory } = authenticator.operators
      if (!(await directory.store.revokeCredential(name))) return responses.notFound()
      await directory.settled()
      const { credentials } = await directory.store.credentials()
      return responses.json({ credentials: credentials.sort(byAge).map(credentialToWire) })
    },
  ),
]

function byAge(one: Credential, other: Credential): number {
  return one.createdAt - other.createdAt
}

function credentialToWire({ digest: _, createdAt, ...rest }: Credential): wire.Credential {
  return { ...rest, createdAt: new Date(createdAt).toISOString() }
}
