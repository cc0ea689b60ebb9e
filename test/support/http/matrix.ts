import { CREDENTIALS, type Credential, headersFor } from "./credentials.ts"
import type { ApiDocument, Operation } from "./document.ts"
import { RawConnection } from "./raw-connection.ts"
import type { Target } from "./targets.ts"

const NAMES = Object.keys(CREDENTIALS) as Credential[]

/** Who may do what: ok, or the status of the refusal. */
const TABLE = `
                  anyone  customer  owner-reads  owner-changes  signing-in  admin-reads  admin-changes
  nobody          ok      401       401          401            ok          401          401
  stranger        ok      ok        404          404            ok          401          401
  owner           ok      ok        ok           ok             ok          401          401
  admin           ok      401       ok           ok             ok          ok           ok
  forged          ok      401       401          401            ok          401          401
  unsigned        ok      401       401          401            ok          401          401
  expired         ok      401       401          401            ok          401          401
  audience        ok      401       401          401            ok          401          401
  early           ok      401       401          401            ok          401          401
  critical        ok      401       401          401            ok          401          401
  unnamed         ok      401       401          401            ok          401          401
  noBearer        ok      401       401          401            ok          401          401
  cookie          ok      401       ok           401            ok          401          401
  foreign         ok      401       ok           401            401         401          401
  same            ok      ok        ok           ok             ok          401          401
  adminCookie     ok      401       401          401            ok          401          401
  control         ok      401       401          401            ok          ok           401
  controlForeign  ok      401       401          401            401         ok           401
  controlSame     ok      401       401          401            ok          ok           ok
  controlEnded    ok      401       401          401            ok          401          401
  controlForged   ok      401       401          401            ok          401          401`

export interface Asked {
  port: number
  document: ApiDocument
  targetOf(operation: Operation, servedBy: string): Promise<Target>
}

/** What everybody is answered: `ok`, or a status. Throws when an answer is not as the document says. */
export async function tried(
  { port, document, targetOf }: Asked,
  operation: Operation,
): Promise<Record<string, string>> {
  const results: Record<string, string> = {}
  for (const name of NAMES) {
    // Who kills a replica must not be talking to it.
    const { connection, servedBy } = await connected(port)
    const { path, body } = await targetOf(operation, servedBy)
    const headers = headersFor(name, port)
    const answer = await connection.exchange({ method: operation.method, path, headers, ...(body && { body }) })
    connection.close()
    const fault = document.faultOf(operation.method, path, answer)
    if (fault) throw new Error(`${operation.method} ${path} by ${name}: ${fault}`)
    results[name] = answer.status < 300 ? "ok" : String(answer.status)
  }
  return results
}

/** A connection to a replica that lives. */
async function connected(port: number): Promise<{ connection: RawConnection; servedBy: string }> {
  const connection = new RawConnection(port)
  try {
    const { headers } = await connection.exchange({ method: "GET", path: "/livez", headers: [] })
    return { connection, servedBy: headers.get("x-served-by")! }
  } catch {
    return connected(port)
  }
}

/** What everybody must be answered. */
export function expected({ security, method, operationId }: Operation): Record<string, string> {
  const schemes = security.flatMap(Object.keys).join()
  const access: Record<string, string> = {
    "": operationId === "signIn" ? "signing-in" : "anyone",
    "customer,session": "customer",
    "customer,session,administrator": method === "GET" ? "owner-reads" : "owner-changes",
    "administrator,control": method === "GET" ? "admin-reads" : "admin-changes",
  }
  const [header, ...rows] = TABLE.trim()
    .split("\n")
    .map(line => line.trim().split(/ +/))
  const column = header!.indexOf(access[schemes]!) + 1
  return Object.fromEntries(rows.map(row => [row[0]!, row[column]!]))
}
