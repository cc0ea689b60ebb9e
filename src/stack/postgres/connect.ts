import pg from "pg"
import type { LedgerSettings } from "../../config/stores.ts"
import { LedgerFault } from "../../core/ports/ledger.ts"

/** Connections of one process: one writes, and a few others read. */
const CONNECTIONS_MAX = 4
const CONNECT_MAX_MS = 5000
/** A batch takes some 30 ms. A statement that takes this long is stuck: the server gives up first, then the client. */
const STATEMENT_MAX_MS = 5000
const ANSWER_MAX_MS = 7000
/** How long a process that is frozen in the middle of a migration can lock its tables. */
const IDLE_IN_TRANSACTION_MAX_MS = 3000

const INT8 = 20

/** A `bigint` is read as a number. It fits, because the rules refuse numbers that are not safe integers. */
const types = new pg.TypeOverrides()
types.setTypeParser(INT8, Number)

/** Options of every connection. `options` are further settings of the session, such as `-c name=value`. */
export function clientConfig({ url, password, ca }: LedgerSettings, options = ""): pg.ClientConfig {
  const full = new URL(url)
  if (password !== undefined) full.password = encodeURIComponent(password)
  const isSecure = full.searchParams.get("sslmode") === "verify-full"
  // pg would read it in a way of its own, which overrides `ssl`.
  full.searchParams.delete("sslmode")
  return {
    connectionString: full.href,
    ssl: isSecure && { rejectUnauthorized: true, ...(ca && { ca }) },
    application_name: "doorbuster",
    connectionTimeoutMillis: CONNECT_MAX_MS,
    statement_timeout: STATEMENT_MAX_MS,
    query_timeout: ANSWER_MAX_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MAX_MS,
    keepAlive: true,
    options: `-c synchronous_commit=on ${options}`.trim(),
    types,
  }
}

/** A pool that connects when it is asked for a connection, and uses none that is not durable. */
export function makePool(settings: LedgerSettings): pg.Pool {
  const pool = new pg.Pool({
    ...clientConfig(settings),
    max: CONNECTIONS_MAX,
    verify: (client, done) => void assertDurable(client).then(() => done(), done),
  })
  // The query on a connection that breaks fails, and the pool replaces the connection at the next use. Without these
  // listeners the error would end the process.
  pool.on("error", () => {})
  pool.on("connect", client => client.on("error", () => {}))
  return pool
}

/** Throws unless a commit survives a power cut: only then is what the ledger says final. */
export async function assertDurable(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ name: string; setting: string }>(
    "SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit')",
  )
  for (const { name, setting } of rows) {
    if (setting !== "on") throw new LedgerFault("unfit", `PostgreSQL's ${name} is ${setting}, but must be on.`)
  }
}

type DatabaseError = Error & { code?: string }

/** Errors that only a person can resolve: settings, password, the database's name. */
const UNFIT: Record<string, string> = {
  "28P01": "it refuses the user or the password of LEDGER_URL",
  "28000": "it refuses the user of LEDGER_URL",
  "3D000": "there is no such database",
  "42501": "the user of LEDGER_URL may not do this",
}

/** Rows that contradict each other: the store's sales are not those of the ledger. */
const INTEGRITY = /^23/
/** Errors in our own statements. */
const OWN_ERROR = /^(0A|21|22|26|34|42)/

/** Why the ledger took nothing, in one sentence. Returns an error of our own making as it is. */
export function faultOf(error: unknown): Error {
  if (error instanceof LedgerFault || error instanceof TypeError) return error
  const { code, message } = error as DatabaseError
  const sqlState = code !== undefined && /^[0-9A-Z]{5}$/.test(code) ? code : undefined
  if (sqlState === undefined)
    return new LedgerFault("away", `PostgreSQL cannot be reached: ${reason(error as DatabaseError)}.`)
  const unfit = UNFIT[sqlState]
  if (unfit) return new LedgerFault("unfit", `PostgreSQL cannot be used: ${unfit} (${message}).`)
  if (INTEGRITY.test(sqlState)) return new LedgerFault("conflict", `The ledger holds something else: ${message}.`)
  if (OWN_ERROR.test(sqlState)) return error as DatabaseError
  return new LedgerFault("away", `PostgreSQL cannot serve: ${message}.`)
}

function reason({ code, message }: DatabaseError): string {
  if (code === "ECONNREFUSED") return "nothing listens there"
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "its host is unknown"
  return message || code || "no reason given"
}
