import pg from "pg"
import type { LedgerSettings } from "../../config/stores.ts"
import type { Leadership } from "../../core/ports/ledger.ts"
import { sleep, systemTime, type Timers, withTimeout } from "../../runtime/time.ts"
import { clientConfig } from "./connect.ts"

/** The key of the advisory lock that the leader holds. Any number will do. */
const LEADER_LOCK = 7_301_002
/** How often the leader shows that it is alive. */
const PING_EVERY_MS = 1000
const ANSWER_MAX_MS = 3000
/** PostgreSQL ends the session of a leader that was silent for so long: it is frozen or cut off. */
const SILENT_MAX_MS = 5000

/**
 * Tries to take an advisory lock on a connection of its own. A leader that loses the connection has lost the lead. The lock
 * alone does not keep a frozen leader from writing when it wakes; the epoch in every append does. Resolves to undefined
 * if another worker holds the lock.
 */
export async function tryLead(
  settings: LedgerSettings,
  timers: Timers = systemTime,
): Promise<PostgresLeadership | undefined> {
  const client = new pg.Client(clientConfig(settings, `-c idle_session_timeout=${SILENT_MAX_MS}`))
  const leadership = new PostgresLeadership(client, timers)
  await client.connect()
  try {
    const { rows } = await client.query<{ leads: boolean }>("SELECT pg_try_advisory_lock($1) AS leads", [LEADER_LOCK])
    if (rows[0]?.leads) {
      leadership.start()
      return leadership
    }
  } catch (error) {
    await client.end().catch(() => {})
    throw error
  }
  await client.end()
  return undefined
}

class PostgresLeadership implements Leadership {
  readonly #lost = new AbortController()
  #pinging: Promise<void> | undefined

  constructor(
    private readonly client: pg.Client,
    private readonly timers: Timers,
  ) {
    const lose = () => this.#lost.abort()
    client.on("error", lose)
    client.on("end", lose)
  }

  get lost(): AbortSignal {
    return this.#lost.signal
  }

  start(): void {
    this.#pinging ??= this.#ping()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#lost.abort()
    await this.client.end().catch(() => {})
    await this.#pinging
  }

  /** An answer that does not come in time means the same as a broken connection. */
  async #ping(): Promise<void> {
    const { signal } = this.#lost
    for (;;) {
      await sleep(PING_EVERY_MS, signal, this.timers)
      if (signal.aborted) return
      const answer = this.client.query("SELECT 1").then(
        () => true,
        () => false,
      )
      if (!(await withTimeout(ANSWER_MAX_MS, answer, this.timers))) this.#lost.abort()
    }
  }
}
