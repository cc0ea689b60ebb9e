import type { Config } from "../config/config.ts"
import type { Inventory } from "../core/ports/inventory.ts"
import type { Logbook } from "../core/ports/logbook.ts"
import type { Nodes } from "../core/ports/nodes.ts"
import { openLog } from "../observability/log.ts"
import type { Metrics } from "../observability/metrics.ts"
import { during, NO_TRACER } from "../observability/tracing.ts"
import { auditor } from "./api/auditor.ts"
import { LiveStream } from "./api/live.ts"
import { Authenticator } from "./auth/authenticator.ts"
import { CustomerTokens } from "./auth/tokens.ts"
import type { RequestContext } from "./context.ts"
import { Batcher } from "./purchase/batcher.ts"
import { SaleCache } from "./purchase/sale-cache.ts"
import { Responses } from "./responses.ts"

/** In what the replicas of the two shapes differ. */
export interface ContextParts {
  inventory: Inventory
  nodes: Nodes
  logbook: Logbook
  metrics: Metrics
}

/** The door of a replica, not yet listening. Its secrets must be known. */
export function createContext(config: Config, { inventory, nodes, logbook, metrics }: ContextParts): RequestContext {
  const saleCache = new SaleCache(inventory)
  saleCache.onChange(sale => metrics.sale(sale.id))
  const batcher = new Batcher({
    async call(batch) {
      const started = performance.now()
      const answers = await during(context.tracer.storeCall(batch), inventory.decide(batch))
      metrics.storeCall((performance.now() - started) / 1000)
      return answers
    },
    now: Date.now,
    soon: setImmediate,
    sized: attempts => metrics.batch(attempts),
  })
  const context: RequestContext = {
    inventory,
    nodes,
    logbook,
    batcher,
    saleCache,
    metrics,
    tracer: NO_TRACER,
    live: new LiveStream(saleCache),
    authenticator: new Authenticator(new CustomerTokens(config.sessionSecret!), config.adminToken!),
    responses: new Responses(config.nodeId),
    log: openLog(config.logLevel, config.nodeId),
    audit: auditor(inventory),
    trustsProxy: config.trustProxy,
    isOpen: () => true,
    async obstacle() {
      await inventory.sales()
      return undefined
    },
  }
  return context
}
