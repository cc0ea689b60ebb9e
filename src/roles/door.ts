import type { Config } from "../config.ts"
import { Batcher } from "../core/batcher.ts"
import type { Fleet } from "../core/fleet.ts"
import type { Inventory } from "../core/inventory.ts"
import type { Logbook } from "../core/logbook.ts"
import { Access } from "../http/access.ts"
import { Board } from "../http/board.ts"
import type { Door } from "../http/door.ts"
import { Identity } from "../http/identity.ts"
import { LiveStream } from "../http/live.ts"
import { Replies } from "../http/replies.ts"
import { openLog } from "../watch/log.ts"
import type { Metrics } from "../watch/metrics.ts"
import { during, NO_TRACER } from "../watch/tracing.ts"
import { auditor } from "./auditor.ts"

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
