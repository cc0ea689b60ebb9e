import pg from "pg"
import { LedgerFault } from "../../core/ports/ledger.ts"

export interface Address {
  url: string
  /** Instead of the one in `url`. */
  password?: string
}

/** Connections of one process: a writer, and a few that read beside it. */
const CONNECTIONS_MAX = 4
const CONNECT_MAX_MS = 5000
/** A batch takes some 30 ms. What takes this long is stuck: the server gives up first, then we do. */
const STATEMENT_MAX_MS = 5000
const ANSWER_MAX_MS = 7000
/** A writer that is frozen in the middle of a transaction holds its sale's row no longer than this. */
const IDLE_IN_TRANSACTION_MAX_MS = 3000

const INT8 = 20

/** Whole numbers fit: the rules refuse what is not a safe integer. */
const types = new pg.TypeOverrides()
types.setTypeParser(INT8, Number)

/** How every connection is made. `options` are further settings of the session, as `-c name=value`. */
export function clientConfig({ url, password }: Address, options = ""): pg.ClientConfig {
  return {
    connectionString: withPassword(url, password),
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

/** Connections are made when they are needed, and none is used before it was found safe. */
export function openPool(address: Address): pg.Pool {
  const pool = new pg.Pool({
    ...clientConfig(address),
    max: CONNECTIONS_MAX,
    verify: (client, done) => void assertSafe(client).then(() => done(), done),
  })
  // A connection that breaks fails what is under way on it, or is replaced at the next use: nobody else needs to know.
  pool.on("error", () => {})
  pool.on("connect", client => client.on("error", () => {}))
  return pool
}

/** The ledger's word is final only where a commit survives a power cut. */
export async function assertSafe(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ name: string; setting: string }>(
    "SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit')",
  )
  for (const { name, setting } of rows) {
    if (setting !== "on") throw new LedgerFault("unfit", `PostgreSQL's ${name} is ${setting}, but must be on.`)
  }
}

function withPassword(url: string, password: string | undefined): string {
  if (password === undefined) return url
  const full = new URL(url)
  full.password = encodeURIComponent(password)
  return full.href
}
