import type { Context } from "hono"
import type { Inventory } from "../core/ports/inventory.ts"
import type { Logbook } from "../core/ports/logbook.ts"
import type { Nodes } from "../core/ports/nodes.ts"
import type { Log } from "../observability/log.ts"
import type { Metrics } from "../observability/metrics.ts"
import type { Tracer } from "../observability/tracing.ts"
import type { AuditReport } from "../wire/wire.ts"
import type { LiveStream } from "./api/live.ts"
import type { Authenticator } from "./auth/authenticator.ts"
import type { Batcher } from "./purchase/batcher.ts"
import type { SaleCache } from "./purchase/sale-cache.ts"
import type { Responses } from "./responses.ts"

/** What every route is given. */
export interface RequestContext {
  inventory: Inventory
  nodes: Nodes
  logbook: Logbook
  batcher: Batcher
  saleCache: SaleCache
  live: LiveStream
  authenticator: Authenticator
  responses: Responses
  metrics: Metrics
  tracer: Tracer
  log: Log
  /** Proves or refutes the promises for one sale. */
  audit(saleId: string): Promise<AuditReport | undefined>
  /** Whether only a proxy can reach this replica, and says in X-Forwarded-For whom it speaks for. */
  trustsProxy: boolean
  /** False while this replica is stopping. */
  isOpen(): boolean
  /** Why nobody could buy here now, in one sentence; nothing when all is well. A fault of the store says it too. */
  obstacle(): Promise<string | undefined>
}

/** The request's environment in Hono: Bun's server, for its time-outs and addresses. */
export interface Env {
  Bindings: {
    timeout(request: Request, seconds: number): void
    requestIP(request: Request): { address: string } | null
  }
  /** What an administrator's request is about, where its path does not say so. */
  Variables: { subject?: string }
}

/** Where a request came from, as far as this replica can know. */
export function addressOf(c: Context<Env>): string {
  return c.env.requestIP(c.req.raw)?.address ?? ""
}
