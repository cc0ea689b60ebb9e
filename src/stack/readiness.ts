import type { HotInventory } from "../core/ports/hot-inventory.ts"
import type { SaleCache } from "../http/purchase/sale-cache.ts"
import { sleep, systemTime, type Time } from "../runtime/time.ts"

/** The longest wait before a replica listens although it is not ready. */
const READY_MAX_MS = 3000
const CHECK_EVERY_MS = 20

/**
 * Resolves once this replica can sell, or after three seconds. A balancer sends buyers to the other replicas until this one
 * listens. After that it listens anyway: if the store is away, the other replicas cannot sell either.
 */
export async function waitUntilReady(
  hot: HotInventory,
  saleCache: SaleCache,
  stopping: AbortSignal,
  time: Time = systemTime,
): Promise<void> {
  const isReady = async () => {
    if (await obstacleOf(hot)) return false
    return (await hot.sales()).every(({ id }) => saleCache.sale(id) !== undefined)
  }
  const until = time.monotonic() + READY_MAX_MS
  while (!stopping.aborted && time.monotonic() < until && !(await isReady().catch(() => false))) {
    await sleep(CHECK_EVERY_MS, stopping, time)
  }
}

/**
 * Why no customer could buy now: new sales cannot be created, or the gate of every sale is closed. The closed gate of one
 * sale is no obstacle to the others. Rejects if the store fails.
 */
export async function obstacleOf(hot: HotInventory): Promise<string | undefined> {
  const { sales, isOpen } = await hot.heads()
  if (!isOpen) return "The store has not been compared with the ledger yet."
  const closed = sales.filter(sale => !sale.isOpen)
  return closed.length > 0 && closed.length === sales.length ? "Every sale's gate is closed." : undefined
}
