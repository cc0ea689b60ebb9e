import { eventually } from "../eventually.ts"
import { CREDENTIALS, type Credential, headersFor } from "./credentials.ts"
import type { ApiDocument, Operation } from "./document.ts"
import type { Made } from "./made-credentials.ts"
import { RawConnection } from "./raw-connection.ts"
import type { RawAnswer } from "./raw-parser.ts"
import type { Targets } from "./targets.ts"

const NAMES = Object.keys(CREDENTIALS) as Credential[]

/** The answer of each kind of operation (columns) to each credential (rows): ok, or the status of the refusal. */
const TABLE = `
                  anyone  customer  order-reads  order-changes  signing-in  views  leaves  steers  owner-views  owns  shop-mints  shop-steers  company
  anonymous       ok      401       401          401            ok          401    401     401     401          401   401         401          404
  stranger        ok      ok        404          404            ok          401    401     401     401          401   401         401          404
  owner           ok      ok        ok           ok             ok          401    401     401     401          401   401         401          404
  admin           ok      401       ok           ok             ok          ok     ok      ok      ok           ok    401         401          404
  forged          ok      401       401          401            ok          401    401     401     401          401   401         401          404
  unsigned        ok      401       401          401            ok          401    401     401     401          401   401         401          404
  expired         ok      401       401          401            ok          401    401     401     401          401   401         401          404
  audience        ok      401       401          401            ok          401    401     401     401          401   401         401          404
  early           ok      401       401          401            ok          401    401     401     401          401   401         401          404
  critical        ok      401       401          401            ok          401    401     401     401          401   401         401          404
  unnamed         ok      401       401          401            ok          401    401     401     401          401   401         401          404
  noBearer        ok      401       401          401            ok          401    401     401     401          401   401         401          404
  cookie          ok      401       ok           401            ok          401    401     401     401          401   401         401          404
  foreign         ok      401       ok           401            401         401    401     401     401          401   401         401          404
  same            ok      ok        ok           ok             ok          401    401     401     401          401   401         401          404
  adminCookie     ok      401       401          401            ok          401    401     401     401          401   401         401          404
  control         ok      401       401          401            ok          ok     401     401     ok           401   401         401          404
  controlForeign  ok      401       401          401            401         ok     401     401     ok           401   401         401          404
  controlSame     ok      401       401          401            ok          ok     ok      ok      ok           ok    401         401          404
  controlEnded    ok      401       401          401            ok          401    401     401     401          401   401         401          404
  controlForged   ok      401       401          401            ok          401    401     401     401          401   401         401          404
  controlRaised   ok      401       401          401            ok          ok     ok      403     403          403   401         401          404
  viewer          ok      401       ok           403            ok          ok     ok      403     403          403   401         401          404
  viewerCookie    ok      401       401          401            ok          ok     ok      403     403          403   401         401          404
  operator        ok      401       ok           ok             ok          ok     ok      ok      403          403   401         401          404
  ownerRole       ok      401       ok           ok             ok          ok     ok      ok      ok           ok    401         401          404
  revoked         ok      401       401          401            ok          401    401     401     401          401   401         401          404
  revokedCookie   ok      401       401          401            ok          401    401     401     401          401   401         401          404
  readsOrders     ok      401       ok           403            ok          401    401     401     401          401   403         403          404
  writesOrders    ok      401       403          ok             ok          401    401     401     401          401   403         403          404
  mints           ok      401       403          403            ok          401    401     401     401          401   ok          403          404
  steersSales     ok      401       403          403            ok          401    401     401     401          401   403         ok           404
  backendCookie   ok      401       401          401            ok          401    401     401     401          401   401         401          404`

export interface Asked {
  port: number
  document: ApiDocument
  targets: Targets
  made: Made
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
  const headers = headersFor(name, asked.port, asked.made)
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

/** The columns of the table, by the operation's security and whether it only reads. */
const COLUMNS: Record<string, string> = {
  "get ": "anyone",
  "post ": "anyone",
  "post customer session": "customer",
  "get customer session administrator:viewer backend:orders:read": "order-reads",
  "post customer session administrator:operator backend:orders:write": "order-changes",
  "post backend:sessions:mint": "shop-mints",
  "post backend:sales:steer": "shop-steers",
  "get administrator:viewer control:viewer": "views",
  "delete administrator:viewer control:viewer": "leaves",
  "post administrator:operator control:operator": "steers",
  "patch administrator:operator control:operator": "steers",
  "get administrator:owner control:owner": "owner-views",
  "post administrator:owner control:owner": "owns",
  "delete administrator:owner control:owner": "owns",
}

/** Operations with a column of their own. Here no provider of company accounts is set. */
const NAMED: Record<string, string> = {
  signIn: "signing-in",
  startCompanySignIn: "company",
  signInWithCompany: "company",
}

/** What each credential must be answered. */
export function expected({ security, method, operationId }: Operation): Record<string, string> {
  const schemes = security.flatMap(Object.entries).map(([scheme, rights]) => [scheme, ...rights].join(":"))
  const name = NAMED[operationId] ?? COLUMNS[`${method.toLowerCase()} ${schemes.join(" ")}`]
  const [header, ...rows] = TABLE.trim()
    .split("\n")
    .map(line => line.trim().split(/ +/))
  const column = header!.indexOf(name!) + 1
  if (column === 0) throw new Error(`There is no column for ${method} with ${schemes.join(" ")}.`)
  return Object.fromEntries(rows.map(row => [row[0]!, row[column]!]))
}
