import pg from "pg"
import type { Leadership } from "../../core/ports/ledger.ts"
import { type Address, clientConfig } from "./pool.ts"

/** Any number: one leader at a time. */
const LEADER_LOCK = 7_301_002
/** The leader shows this often that it lives. */
const PING_EVERY_MS = 1000
const ANSWER_MAX_MS = 3000
/** PostgreSQL ends the session of a leader that was silent for this long: frozen, or cut off. */
const SILENT_MAX_MS = 5000

/**
 * Holds an advisory lock on a connection of its own: whoever loses the connection has lost the lead. The lock alone
 * does not keep a frozen leader from writing when it wakes; the epoch in every append does.
 */
export async function lead(address: Address): Promise<Leadership | undefined> {
  const client = new pg.Client(clientConfig(address, `-c idle_session_timeout=${SILENT_MAX_MS}`))
  const lost = new AbortController()
  const lose = () => lost.abort()
  client.on("error", lose)
  client.on("end", lose)
  await client.connect()
  try {
    const { rows } = await client.query<{ leads: boolean }>("SELECT pg_try_advisory_lock($1) AS leads", [LEADER_LOCK])
    if (!rows[0]!.leads) {
      await client.end()
      return undefined
    }
  } catch (error) {
    await client.end().catch(() => {})
    throw error
  }
  showLife(client, lost)
  return {
    lost: lost.signal,
    async resign() {
      lose()
      await client.end().catch(() => {})
    },
  }
}

/** An answer that does not come in time is as bad as a broken connection. */
async function showLife(client: pg.Client, lost: AbortController): Promise<void> {
  const lose = () => lost.abort()
  while (!lost.signal.aborted) {
    await new Promise(rested => setTimeout(rested, PING_EVERY_MS))
    const late = setTimeout(lose, ANSWER_MAX_MS)
    await client.query("SELECT 1").catch(lose)
    clearTimeout(late)
  }
}
