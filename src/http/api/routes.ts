import type { Context, Hono, Next } from "hono"
import { InventoryFault } from "../../core/ports/inventory.ts"
import { PROMETHEUS_CONTENT_TYPE } from "../../observability/metric-family.ts"
import { isId } from "../../wire/wire.ts"
import { companySignInRoutes } from "../auth/company-sign-in.ts"
import { openSession } from "../auth/customer-sessions.ts"
import { missingFrom } from "../auth/operators.ts"
import { controlSessionRoutes, signIn } from "../auth/sessions.ts"
import { addressOf, type RequestContext, type RequestEnv } from "../context.ts"
import { shareWithOthers } from "../cors.ts"
import { GUARDED, sendFile, staticFile } from "../static-file.ts"
import { adminSaleRoutes, cancelHeldOrder } from "./admin.ts"
import { credentialRoutes } from "./credentials.ts"
import { journalRoutes } from "./journal.ts"
import { listActions, nameActions, record, recordAnswers } from "./logbook.ts"
import { nodeRoutes } from "./nodes.ts"
import { DOCS_CSS, docsPage } from "./openapi/docs-page.ts"
import { openapi } from "./openapi/document.ts"
import { orderRoutes, PURCHASE } from "./orders.ts"
import { ADMIN_PATH, type Description, type ListenerKind, type Route, route, unavailable } from "./route.ts"
import { saleRoutes } from "./sales.ts"
import { shopRoutes } from "./shop.ts"

/** Describes an operation for those who run the system. */
function operation<Path extends string>(
  path: Path,
  operationId: string,
  summary: string,
  type = "text/plain",
): Description<Path, undefined, undefined> {
  const answers = [{ status: 200, description: "OK.", type }]
  return { method: "get", path, operationId, summary, group: "Operations", access: "anyone", answers }
}

/** A file that says what it contains by an ETag. */
function fileOperation<Path extends string>(
  path: Path,
  operationId: string,
  summary: string,
  type: string,
): Description<Path, undefined, undefined> {
  const file = operation(path, operationId, summary, type)
  const unchanged = { status: 304, description: "The reader has it already: If-None-Match names its ETag." }
  return { ...file, answers: [...file.answers, unchanged] }
}

const METRICS = "/metrics"
/** What a stranger learns. The reason is told on the operators' port, and where one port serves everything. */
const NOT_READY = "This replica cannot sell now."
const READYZ = operation("/readyz", "readyz", "200 while this replica can sell, otherwise 503")

const operationRoutes = [
  route(operation("/livez", "livez", "200 while the process lives; depends on no store"), ({ responses }) =>
    responses.text("ok\n", "text/plain; charset=utf-8"),
  ),
  route({ ...READYZ, answers: [...READYZ.answers, unavailable] }, async (context, c) => {
    const { responses } = context
    if (!context.isOpen()) return responses.refusal("overloaded", { detail: "This replica is stopping." })
    const obstacle = await context.obstacle().catch(reasonOf)
    if (obstacle === undefined) return responses.text("ok\n", "text/plain; charset=utf-8")
    return responses.refusal("reconciling", { detail: c.get("isInside") ? obstacle : NOT_READY })
  }),
  route(operation(METRICS, "metrics", "Every series, in Prometheus' text format"), async ({ metricsText, responses }) =>
    responses.text(await metricsText(), PROMETHEUS_CONTENT_TYPE),
  ),
]

/** A store that fails is an obstacle like any other. */
function reasonOf(error: unknown): string {
  if (error instanceof InventoryFault) return error.message
  throw error
}

const guardedRoutes = [
  ...controlSessionRoutes,
  ...adminSaleRoutes,
  ...journalRoutes,
  cancelHeldOrder,
  listActions,
  ...nodeRoutes,
  ...credentialRoutes,
]

/** Every operation of the API, in the order of the OpenAPI document. */
export const ROUTES: readonly Route[] = [
  openSession,
  PURCHASE,
  ...orderRoutes,
  ...saleRoutes,
  ...shopRoutes,
  signIn,
  ...companySignInRoutes,
  ...guardedRoutes,
  ...operationRoutes,
  route(fileOperation("/openapi.json", "openapi", "This document", "application/json"), ({ responses }, c) =>
    sendFile(responses, c.req.raw, document()),
  ),
  route(fileOperation("/docs", "docs", "This document, to read", "text/html"), ({ responses }, c) =>
    sendFile(responses, c.req.raw, docs(), GUARDED),
  ),
]

const document = once(() => staticFile("application/json", JSON.stringify(openapi(ROUTES))))
const docs = once(() => staticFile("text/html; charset=utf-8", docsPage(ROUTES)))
const docsCss = once(() => staticFile("text/css; charset=utf-8", DOCS_CSS))

/** Whether only operators may reach this path. The public listener does not have it. */
function isForOperators({ path }: Route): boolean {
  return path === METRICS || path.startsWith(`${ADMIN_PATH}/`)
}

/** Adds the routes of this kind of listener to `app`, and what guards the administrators' ones. */
export function mountRoutes(app: Hono<RequestEnv>, context: RequestContext, kind: ListenerKind): void {
  const { responses } = context
  shareWithOthers(app, context)
  learnShopTokens(app, context)
  app.get("/docs.css", c => sendFile(responses, c.req.raw, docsCss()))
  if (kind === "public") {
    for (const one of ROUTES) if (!isForOperators(one)) one.mount(app, context)
    return
  }
  app.use(READYZ.path, (c, next) => {
    c.set("isInside", true)
    return next()
  })
  app.use(`${ADMIN_PATH}/*`, nameActions(ROUTES))
  for (const one of ROUTES) if (!guardedRoutes.includes(one)) one.mount(app, context)
  app.use(`${ADMIN_PATH}/*`, administratorsOnly(context), recordAnswers(context))
  app.use(`${ADMIN_PATH}/sales/:saleId/*`, async (c, next) => {
    if (!isId(c.req.param("saleId"))) return responses.refusal("invalid_request", { path: "saleId" })
    await next()
  })
  for (const one of guardedRoutes) one.mount(app, context)
}

/** Has tokens that a shop signed with keys of its own verified before a request is handled. */
function learnShopTokens(app: Hono<RequestEnv>, { shopKeys, responses }: RequestContext): void {
  if (!shopKeys) return
  app.use("*", async (c, next) => {
    const obstacle = await shopKeys.learn(c.req.raw)
    return obstacle ? responses.refusal("overloaded", { detail: obstacle }) : next()
  })
}

function administratorsOnly(context: RequestContext) {
  const { authenticator, responses, time } = context
  return async (c: Context<RequestEnv>, next: Next) => {
    const principal = await authenticator.authenticateAdministrator(c.req.raw, time.now(), addressOf(c))
    if (principal.kind === "locked") return responses.locked(principal.seconds)
    if (principal.kind === "anonymous") return responses.refusal("unauthorized")
    c.set("by", principal.name)
    if (principal.session) c.set("session", principal.session)
    const { role = "viewer", logbook } = c.get("action")
    const missing = missingFrom(principal, { role })
    if (missing === undefined) return next()
    if (logbook) await record(context, c, 403)
    return responses.forbidden(missing)
  }
}

function once<Value>(make: () => Value): () => Value {
  let made: { value: Value } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
