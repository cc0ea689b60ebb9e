import type { Config } from "../config/config.ts"
import type { Inventory } from "../core/ports/inventory.ts"
import type { Logbook } from "../core/ports/logbook.ts"
import type { Fleet } from "../core/ports/nodes.ts"
import { openLog } from "../observability/log.ts"
import type { Metrics } from "../observability/metrics.ts"
import { during, NO_TRACER } from "../observability/tracing.ts"
import { auditor } from "./api/auditor.ts"
import { LiveStream } from "./api/live.ts"
import { Access } from "./auth/authenticator.ts"
import { Identity } from "./auth/tokens.ts"
import type { Door } from "./context.ts"
import { Batcher } from "./purchase/batcher.ts"
import { Board } from "./purchase/sale-cache.ts"
import { Replies } from "./responses.ts"

/** In what the replicas of the two shapes differ. */
export interface DoorParts {
  inventory: Inventory
  fleet: Fleet
  logbook: Logbook
  metrics: Metrics
}

/** The door of a replica, not yet listening. Its secrets must be known. */
export function openDoor(config: Config, { inventory, fleet, logbook, metrics }: DoorParts): Door {
  const board = new Board(inventory)
  board.onChange(sale => metrics.sale(sale.id))
  const batcher = new Batcher({
    async call(batch) {
      const started = performance.now()
      const answers = await during(door.tracer.storeCall(batch), inventory.decide(batch))
      metrics.storeCall((performance.now() - started) / 1000)
      return answers
    },
    now: Date.now,
    soon: setImmediate,
    sized: attempts => metrics.batch(attempts),
  })
  const door: Door = {
    inventory,
    fleet,
    logbook,
    batcher,
    board,
    metrics,
    tracer: NO_TRACER,
    live: new LiveStream(board),
    access: new Access(new Identity(config.sessionSecret!), config.adminToken!),
    replies: new Replies(config.nodeId),
    log: openLog(config.logLevel, config.nodeId),
    audit: auditor(inventory),
    trustsProxy: config.trustProxy,
    isOpen: () => true,
    async obstacle() {
      await inventory.sales()
      return undefined
    },
  }
  return door
}
