import { Hono } from "hono"
import { PURCHASE } from "./api/orders.ts"
import { mountRoutes } from "./api/routes.ts"
import type { Env, RequestContext } from "./context.ts"
import { plainRoutes } from "./nojs/routes.ts"
import { pageRoutes } from "./pages.ts"
import { purchase } from "./purchase/purchase.ts"
import { refusalOf } from "./responses.ts"

/** Longer than a proxy keeps its idle connections, so that it is never we who close one that is about to be used. */
const IDLE_SECONDS = 75
/** Far above our own limit of 16 KiB, so that the refusal is ours; what exceeds this is cut off without a word. */
const BODY_BYTES_MAX = 16 * 1024 * 1024
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
  const { responses, log } = context
  mountRoutes(app, context)
  plainRoutes(app, context)
  pageRoutes(app, responses, pagesFolder)
  app.notFound(() => responses.notFound())
  app.onError(error => responses.refusal(refusalOf(error, log)))
  return app
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
  const { responses, log, batcher, live, time } = context
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
    error: error => responses.refusal(refusalOf(error, log)),
  })
  batcher.start()
  live.start()
  return {
    url: server.url.href,
    requests: () => requests,
    async stop() {
      await live[Symbol.asyncDispose]()
      using _deadline = time.after(STOP_MAX_MS, () => void server.stop(true))
      await server.stop()
      await batcher[Symbol.asyncDispose]()
    },
  }
}
