import type { Context } from "hono"
import type { Batcher } from "../core/batcher.ts"
import type { Fleet } from "../core/fleet.ts"
import type { Inventory } from "../core/inventory.ts"
import type { Logbook } from "../core/logbook.ts"
import type { Log } from "../watch/log.ts"
import type { Metrics } from "../watch/metrics.ts"
import type { Tracer } from "../watch/tracing.ts"
import type { AuditReport } from "../wire.ts"
import type { Access } from "./access.ts"
import type { Board } from "./board.ts"
import type { LiveStream } from "./live.ts"
import type { Replies } from "./replies.ts"

/** What every route is given. */
export interface Door {
  inventory: Inventory
  fleet: Fleet
  logbook: Logbook
  batcher: Batcher
  board: Board
  live: LiveStream
  access: Access
  replies: Replies
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
