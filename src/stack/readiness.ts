import type { HotInventory } from "../core/ports/hot-inventory.ts"
import type { SaleCache } from "../http/purchase/sale-cache.ts"

/** How long buyers are left to the other replicas while this one is not ready to sell. */
const READY_MAX_MS = 3000
const READY_EVERY_MS = 20

/**
 * Until it listens, a balancer sends every buyer to another replica; from then on this one answers, if only to say that
 * it must wait for its store as well.
 */
export async function soonReady(hot: HotInventory, board: SaleCache): Promise<void> {
  const until = performance.now() + READY_MAX_MS
  const isReady = async () => {
    if (await obstacleOf(hot)) return false
    return (await hot.sales()).every(({ id }) => board.sale(id) !== undefined)
  }
  while (performance.now() < until && !(await isReady().catch(() => false))) {
    await new Promise(resolve => setTimeout(resolve, READY_EVERY_MS))
  }
}

/** Why nobody could buy: new sales may not be made, or no sale's gate is open. One sale's closed gate does not stop the others. */
export async function obstacleOf(hot: HotInventory): Promise<string | undefined> {
  const { sales, isOpen } = await hot.heads()
  if (!isOpen) return "The store has not been compared with the ledger yet."
  const closed = sales.filter(sale => !sale.isOpen)
  return closed.length > 0 && closed.length === sales.length ? "Every sale's gate is closed." : undefined
}
