import { eventually } from "../eventually.ts"
import { CREDENTIALS, type Credential, headersFor } from "./credentials.ts"
import type { ApiDocument, Operation } from "./document.ts"
import { RawConnection } from "./raw-connection.ts"
import type { RawAnswer } from "./raw-parser.ts"
import type { Targets } from "./targets.ts"

const NAMES = Object.keys(CREDENTIALS) as Credential[]

/** The answer of each kind of operation (columns) to each credential (rows): ok, or the status of the refusal. */
const TABLE = `
                  anyone  customer  owner-reads  owner-changes  signing-in  admin-reads  admin-changes
  anonymous       ok      401       401          401            ok          401          401
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
  targets: Targets
}

/** What each credential is answered: `ok`, or a status. Throws when an answer is not as the document says. */
export async function tried(asked: Asked, operation: Operation): Promise<Record<string, string>> {
  const results: Record<string, string> = {}
  for (const name of NAMES) {
    const { path, answer } = await ask(asked, operation, name)
    const fault = asked.document.faultOf(operation.method, path, answer)
    if (fault) throw new Error(`${operation.method} ${path} by ${name}: ${fault}`)
    results[name] = answer.status < 300 ? "ok" : String(answer.status)
  }
  return results
}

async function ask(
  asked: Asked,
  operation: Operation,
  name: Credential,
  triesLeft = 3,
): Promise<{ path: string; answer: RawAnswer }> {
  // A request that kills a replica must not be sent to that replica, nor to one that an earlier request has ended.
  const { connection, servedBy } = await connected(asked)
  const { path, body } = await asked.targets.of(operation, servedBy)
  const headers = headersFor(name, asked.port)
  try {
    const answer = await connection.exchange({ method: operation.method, path, headers, ...(body && { body }) })
    return { path, answer }
  } catch (error) {
    // A replica may close the connection just now. Reads can be repeated.
    if (operation.method !== "GET" || triesLeft === 0) throw error
    return await ask(asked, operation, name, triesLeft - 1)
  } finally {
    connection.close()
  }
}

/** A new connection, and the replica that it leads to: not the one that a drill took last, which may not know it yet. */
function connected({ port, targets }: Asked): Promise<{ connection: RawConnection; servedBy: string }> {
  return eventually("a connection leads to a replica that stays", async () => {
    const connection = new RawConnection(port)
    const answer = await connection.exchange({ method: "GET", path: "/readyz", headers: [] }).catch(() => undefined)
    const servedBy = answer?.headers.get("x-served-by")
    if (servedBy && answer?.status === 200 && servedBy !== targets.lastTaken()) return { connection, servedBy }
    connection.close()
    return undefined
  })
}

/** What each credential must be answered. */
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
