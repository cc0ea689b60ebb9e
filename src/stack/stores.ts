import type { Config } from "../config/config.ts"
import { LedgerFault } from "../core/ports/ledger.ts"
import type { Log } from "../observability/log.ts"
import { withTimeout } from "../runtime/time.ts"
import { PostgresLedger } from "./postgres/ledger.ts"
import { RedisInventory } from "./redis/inventory.ts"

/** How long a start waits to learn whether the ledger can be used. */
const LEDGER_ANSWER_MAX_MS = 2000

/**
 * The stack's two stores; the inventory begins to connect. Neither has to be reachable yet: each keeps trying to connect, and answers calls
 * meanwhile with a fault that certainly had no effect.
 */
export function openStores({ inventory, ledger, journalFactsMax, releasedOrdersMax }: Config): {
  inventory: RedisInventory
  ledger: PostgresLedger
} {
  if (inventory.store !== "redis" || !ledger) throw new Error("A stack has a Redis and a PostgreSQL.")
  const { url, password, ca } = inventory
  const hot = new RedisInventory({
    url,
    ...(password !== undefined && { password }),
    ...(ca !== undefined && { ca }),
    journalFactsMax,
    releasedOrdersMax,
  })
  hot.start()
  return { inventory: hot, ledger: new PostgresLedger(ledger) }
}

/**
 * Rejects if the ledger must not be used as it is set up, which ends the start. A ledger that is away is tried again by
 * later calls, and one that does not answer in two seconds is not waited for.
 */
export async function assertLedgerUsable(ledger: PostgresLedger, log: Log): Promise<void> {
  const ready = ledger.ready().catch(error => {
    if (!(error instanceof LedgerFault) || error.kind !== "away") throw error
    log.warn({ error: error.message }, "waiting for the ledger")
  })
  // A rejection after the timeout is reported by the next call of the ledger.
  ready.catch(() => {})
  await withTimeout(LEDGER_ANSWER_MAX_MS, ready)
}
