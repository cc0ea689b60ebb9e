import type { Config } from "../config.ts"
import { PostgresLedger } from "../stores/postgres/ledger.ts"
import { RedisInventory } from "../stores/redis/inventory.ts"

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
