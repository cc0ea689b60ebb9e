import { Hono } from "hono"
import { HostCheck, isCanonical, PurchaseAddresses, pathOf, SEGMENTS_MAX } from "./address.ts"
import { PURCHASE } from "./api/orders.ts"
import type { ListenerKind } from "./api/route.ts"
import { mountRoutes } from "./api/routes.ts"
import type { RequestContext, RequestEnv } from "./context.ts"
import { forwardedAddress } from "./forwarded.ts"
import { compressJson } from "./gzip.ts"
import { MethodTable } from "./method-table.ts"
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

/** Where a replica listens. Without a port for the operators, one port serves everything. */
export interface Endpoints {
  readonly host: string
  readonly port: number
  readonly operatorsHost: string
  readonly operatorsPort: number | undefined
}

/** Every route of one listener except the purchase, which `serve` matches. */
export function routes(
  context: RequestContext,
  pagesFolder: string,
  kind: ListenerKind = "operators",
): Hono<RequestEnv> {
  // Routes are chosen by the path as it was sent. `isCanonical` has refused every path that could be read in another way.
  const app = new Hono<RequestEnv>({ getPath: request => pathOf(request.url) })
  const { responses, log } = context
  app.use(compressJson)
  mountRoutes(app, context, kind)
  plainRoutes(app, context)
  pageRoutes(app, responses, pagesFolder, kind)
  app.notFound(() => responses.notFound())
  app.onError(error => responses.refusal(refusalOf(error, log)))
  return app
}

/**
 * Starts to accept requests: on one port, or the shop on one and everything on the operators' port. The kernel spreads connections
 * over all processes that listen on the same port.
 */
export function listen(context: RequestContext, pagesFolder: string, endpoints: Endpoints): Listening {
  const { host, port, operatorsHost, operatorsPort } = endpoints
  const { arrivals, batcher, live, time } = context
  let requests = 0
  const open = (kind: ListenerKind, host: string, port: number) =>
    serve({ context, kind, pagesFolder, host, port, count: () => requests++ })
  const first = open(operatorsPort === undefined ? "operators" : "public", host, port)
  const servers = [first, ...(operatorsPort === undefined ? [] : [open("operators", operatorsHost, operatorsPort)])]
  arrivals.start()
  batcher.start()
  live.start()
  const stop = async () => {
    await live[Symbol.asyncDispose]()
    using _deadline = time.after(STOP_MAX_MS, () => {
      for (const server of servers) void server.stop(true)
    })
    await Promise.all(servers.map(server => server.stop()))
    await batcher[Symbol.asyncDispose]()
    await arrivals[Symbol.asyncDispose]()
  }
  return { url: first.url.href, requests: () => requests, stop, [Symbol.asyncDispose]: stop }
}

interface ListenerParts {
  context: RequestContext
  kind: ListenerKind
  pagesFolder: string
  host: string
  port: number
  count(): void
}

function serve({ context, kind, pagesFolder, host, port, count }: ListenerParts): Bun.Server<undefined> {
  const { responses, log } = context
  const app = routes(context, pagesFolder, kind)
  const methods = MethodTable.of(app, [{ method: "POST", path: PURCHASE.path }])
  const hosts = new HostCheck()
  const purchases = new PurchaseAddresses()
  const env: RequestEnv["Bindings"] = {
    timeout: (request, seconds) => server.timeout(request, seconds),
    requestIP: request =>
      forwardedAddress(request.headers.get("x-forwarded-for"), context.proxies) ?? server.requestIP(request),
  }
  /** Refuses, before anything else, what could be read in more than one way. `saleId` is that of a purchase. */
  const odd = (request: Request, segments?: Record<string, string>, saleId?: string): Response | undefined => {
    if (!hosts.isAllowed(request.headers.get("host"))) return responses.refusal("invalid_request", ODD_HOST)
    if (saleId !== undefined && purchases.isCanonical(request.url, saleId)) return undefined
    return isCanonical(request.url, segments) ? undefined : responses.refusal("invalid_request", ODD_ADDRESS)
  }
  /** A browser that asks for a page of another site is told by ./cors.ts what that page may do. */
  const options = async (request: Request, allowed: string[]): Promise<Response> => {
    const shared = request.headers.has("access-control-request-method") ? await app.fetch(request, env) : undefined
    return shared?.ok ? shared : responses.options(allowed)
  }
  const answer = (request: Request, segments?: Record<string, string>) => {
    count()
    const refusal = odd(request, segments)
    if (refusal) return refusal
    const allowed = methods.of(pathOf(request.url))
    if (allowed.length > 0 && request.method === "OPTIONS") return options(request, allowed)
    const isAllowed = allowed.length === 0 || allowed.includes(request.method)
    return isAllowed ? app.fetch(request, env) : responses.methodNotAllowed(allowed)
  }
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
          count()
          const { params } = request
          const { saleId } = params
          return odd(request, params, saleId) ?? purchase(context, request, saleId)
        },
      },
      ...everyPath(request => answer(request, request.params)),
    },
    fetch: request => answer(request),
    error: error => responses.refusal(refusalOf(error, log)),
  })
  return server
}

const ODD_HOST = {
  path: "Host",
  detail: "A request needs one Host: a name or an address, and a port where there is one.",
}
const ODD_ADDRESS = {
  detail: "The address is not canonical: it has an empty, dotted or needlessly escaped part, or a bad escape.",
}

/**
 * Patterns for every path of up to `SEGMENTS_MAX` segments. Bun matches them with the path as it was sent, before it resolves `..`, so
 * this is the only way to see that.
 */
function everyPath(handler: PathHandler): Record<string, PathHandler> {
  const patterns: Record<string, PathHandler> = { "/": handler }
  let pattern = ""
  for (let at = 1; at <= SEGMENTS_MAX; at++) {
    pattern += `/:s${at}`
    patterns[pattern] = handler
    patterns[`${pattern}/`] = handler
  }
  return patterns
}

type PathHandler = (request: Bun.BunRequest<string>) => Response | Promise<Response>
