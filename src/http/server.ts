import { Hono } from "hono"
import { PURCHASE } from "./api/orders.ts"
import { mountRoutes } from "./api/routes.ts"
import type { RequestContext, RequestEnv } from "./context.ts"
import { plainRoutes } from "./nojs/routes.ts"
import { pageRoutes } from "./pages.ts"
import { purchase } from "./purchase/purchase.ts"
import { refusalOf } from "./responses.ts"

/** Longer than proxies keep idle connections, so that a proxy never uses a connection that this server is closing. */
const IDLE_SECONDS = 75
/** Bun cuts off larger bodies without an answer. It is far above the API's own limit of 16 KiB, which is answered with 413. */
const BODY_BYTES_MAX = 16 * 1024 * 1024
/** How long requests under way may take once the server stops. */
const STOP_MAX_MS = 5000

/** A server that accepts requests. */
export interface Listening extends AsyncDisposable {
  url: string
  /** Requests that have arrived so far. */
  requests(): number
  /** Accepts no more requests and resolves once those under way are answered. */
  stop(): Promise<void>
}

/** Every route except the purchase, which `listen` matches. */
export function routes(context: RequestContext, pagesFolder: string): Hono<RequestEnv> {
  const app = new Hono<RequestEnv>()
  const { responses, log } = context
  mountRoutes(app, context)
  plainRoutes(app, context)
  pageRoutes(app, responses, pagesFolder)
  app.notFound(() => responses.notFound())
  app.onError(error => responses.refusal(refusalOf(error, log)))
  return app
}

/** The client's address as the proxy says it. A proxy overwrites the header, so clients cannot choose it. */
function forwardedFor(request: Request): { address: string } | null {
  const address = request.headers.get("x-forwarded-for")
  return address === null ? null : { address }
}

/** Starts to accept requests. With `reusePort` the kernel spreads connections over all processes that listen on the port. */
export function listen(context: RequestContext, pagesFolder: string, host: string, port: number): Listening {
  const app = routes(context, pagesFolder)
  const env: RequestEnv["Bindings"] = {
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
      // Bun matches this route, which a million buyers may take at once. Hono would cost each of them time.
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
  const stop = async () => {
    await live[Symbol.asyncDispose]()
    using _deadline = time.after(STOP_MAX_MS, () => void server.stop(true))
    await server.stop()
    await batcher[Symbol.asyncDispose]()
  }
  return { url: server.url.href, requests: () => requests, stop, [Symbol.asyncDispose]: stop }
}
