import type { Context, Hono, Next } from "hono"
import { matchedRoutes } from "hono/route"
import { addressOf, type Env, type RequestContext } from "../context.ts"
import { entryToWire } from "./mapping.ts"
import { ROUTES } from "./openapi/routes.ts"

/** These take data away, or speak a verdict: reads, and actions all the same. */
const READ = new Set(["auditSale", "exportOrders"])
/** Entered as they begin: they may end the very process that would answer. */
const MORTAL = new Set(["killNode", "drainNode"])

/** `POST /api/v1/admin/nodes/:nodeId/kill` -> `killNode`. */
const ACTIONS = new Map(
  ROUTES.filter(({ method, operationId }) => method !== "get" || READ.has(operationId)).map(
    ({ method, path, operationId }) => [`${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ":$1")}`, operationId],
  ),
)

/** Enters every action of an administrator, with what it was answered. */
export function keepsLogbook(context: RequestContext) {
  return async (c: Context<Env>, next: Next) => {
    await next()
    const action = actionOf(c)
    if (action && !MORTAL.has(action)) await enter(context, c, c.res.status)
  }
}

export async function enter(
  { logbook, log, responses }: RequestContext,
  c: Context<Env>,
  status?: number,
): Promise<void> {
  const { saleId, sku, orderId, nodeId } = c.req.param() as Record<string, string | undefined>
  const subject = c.get("subject") ?? orderId ?? nodeId ?? [saleId, sku].filter(Boolean).join("/")
  const entry = {
    at: Date.now(),
    action: actionOf(c) ?? `${c.req.method} ${patternOf(c)}`,
    ...(subject && { subject: subject.slice(0, 200) }),
    ...(status !== undefined && { status }),
    address: addressOf(c),
    node: responses.nodeId,
  }
  log.info(entry, "administrator")
  // What was done is done: that it could not be entered changes no answer.
  await logbook.enter(entry).catch((error: Error) => log.error({ error: error.message }, "the logbook took no entry"))
}

export function logbookRoutes(app: Hono<Env>, { logbook, responses }: RequestContext): void {
  app.get("/actions", async () => responses.json({ actions: (await logbook.entries()).map(entryToWire) }))
}

function actionOf(c: Context<Env>): string | undefined {
  return ACTIONS.get(`${c.req.method} ${patternOf(c)}`)
}

/** The route's own path, before anything was put into it; middleware has none. */
function patternOf(c: Context<Env>): string {
  return matchedRoutes(c).find(({ method }) => method !== "ALL")?.path ?? "?"
}
