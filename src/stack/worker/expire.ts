import type { Inventory } from "../../core/ports/inventory.ts"
import type { Log } from "../../observability/log.ts"
import { type Loop, loop } from "./retry-loop.ts"

/** Holds whose time is up while nobody buys are released this soon after. */
const EVERY_MS = 200

/** Every call releases what is due in the sales that it has heard of, an empty one too. */
export function expire(inventory: Inventory, log: Log): Loop {
  return loop(
    "expire",
    async () => {
      await inventory.sales()
      await inventory.decide([])
      return EVERY_MS
    },
    log,
  )
}
