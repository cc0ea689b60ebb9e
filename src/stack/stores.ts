import type { Config } from "../config/config.ts"
import { LedgerFault } from "../core/ports/ledger.ts"
import type { Log } from "../observability/log.ts"
import { PostgresLedger } from "./postgres/ledger.ts"
import { RedisInventory } from "./redis/inventory.ts"

/** How long a start waits to hear of a ledger that must not be used. */
const FIT_MAX_MS = 2000

/**
 * The stack's two stores. Neither needs to be there yet: each connects by itself, again and again, and answers calls
 * meanwhile with a fault that is certain.
 */
export function openStores({ inventory, ledger, journalFactsMax }: Config): {
  inventory: RedisInventory
  ledger: PostgresLedger
} {
  if (inventory.store !== "redis" || !ledger) throw new Error("A stack has a Redis and a PostgreSQL.")
  const { url, password } = inventory
  return {
    inventory: new RedisInventory({ url, password, journalFactsMax }),
    ledger: new PostgresLedger(ledger),
  }
}

/** A ledger that is away is asked again later; one that must not be used as it is set up ends the start. */
export async function assertFit(ledger: PostgresLedger, log: Log): Promise<void> {
  const asked = ledger.ready().catch(error => {
    if (!(error instanceof LedgerFault) || error.kind !== "away") throw error
    log.warn({ error: error.message }, "the ledger is awaited")
  })
  // Whoever has gone on by then is told by every call.
  asked.catch(() => {})
  await Promise.race([asked, new Promise(late => setTimeout(late, FIT_MAX_MS))])
}
