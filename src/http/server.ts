import { Hono } from "hono"
import { InventoryFault } from "../core/ports/inventory.ts"
import { systemTime } from "../runtime/time.ts"
import { PURCHASE } from "./api/orders.ts"
import { mountRoutes } from "./api/routes.ts"
import type { Env, RequestContext } from "./context.ts"
import { plainRoutes } from "./nojs/routes.ts"
import { pageRoutes } from "./pages.ts"
import { purchase } from "./purchase/purchase.ts"

/** Longer than a proxy keeps its idle connections, so that it is never we who close one that is about to be used. */
const IDLE_SECONDS = 75
/** Far above our own limit of 16 KiB, so that the refusal is ours; what exceeds this is cut off without a word. */
const BODY_BYTES_MAX = 16 * 1024 * 1024
/** Between two looks for attempts whose time is up. */
const SWEEP_EVERY_MS = 50
/** How long answers under way may take once the server stops. */
const STOP_MAX_MS = 5000

export interface Listening {
  url: string
  /** Requests answered so far. */
  requests(): number
  /** Accepts no more, finishes what is in flight, then closes. */
  stop(): Promise<void>
}

/** Every route but the purchase, which `listen` matches itself. */
export function routes(context: RequestContext, pagesFolder: string): Hono<Env> {
  const app = new Hono<Env>()
  const { responses } = context
  mountRoutes(app, context)
  plainRoutes(app, context)
  pageRoutes(app, responses, pagesFolder)
  app.notFound(() => responses.notFound())
  app.onError(error => failed(context, error))
  return app
}

/** A fault that no route answered. */
function failed({ responses, log }: RequestContext, error: Error): Response {
  if (error instanceof InventoryFault) return responses.refusal(error.certain ? "overloaded" : "outcome_unknown")
  log.error({ error: error.message, stack: error.stack }, "unexpected")
  return responses.refusal("outcome_unknown")
}

/** Whom the proxy speaks for. It writes the header itself, so what a client put there never comes this far. */
function forwardedFor(request: Request): { address: string } | null {
  const address = request.headers.get("x-forwarded-for")
  return address === null ? null : { address }
}

/** Opens the context. With `reusePort` the kernel spreads connections over every process that listens there. */
export function listen(context: RequestContext, pagesFolder: string, host: string, port: number): Listening {
  const app = routes(context, pagesFolder)
  const env: Env["Bindings"] = {
    timeout: (request, seconds) => server.timeout(request, seconds),
    requestIP: request => (context.trustsProxy ? forwardedFor(request) : null) ?? server.requestIP(request),
  }
  let requests = 0
  const server: Bun.Server<undefined> = Bun.serve({
    hostname: host,
    port,
    reusePort: true,
    development: false,
    idleTimeout: IDLE_SECONDS,
    maxRequestBodySize: BODY_BYTES_MAX,
    routes: {
      // The one route that a million buyers take at once is matched by the server itself.
      [PURCHASE.path]: {
        POST(request) {
          requests++
          return purchase(context, request, request.params.saleId)
        },
      },
    },
    fetch(request) {
      requests++
      return app.fetch(request, env)
    },
    error: error => failed(context, error),
  })
  context.live.start()
  const sweep = systemTime.every(SWEEP_EVERY_MS, () => context.batcher.sweep())
  return {
    url: server.url.href,
    requests: () => requests,
    async stop() {
      await context.live[Symbol.asyncDispose]()
      const hard = setTimeout(() => server.stop(true), STOP_MAX_MS)
      await server.stop()
      clearTimeout(hard)
      sweep[Symbol.dispose]()
    },
  }
}
