import type { Context, Next } from "hono"
import { matchedRoutes } from "hono/route"
import * as wire from "../../wire/wire.ts"
import { addressOf, type RequestContext, type RequestEnv } from "../context.ts"
import { entryToWire, failuresToWire } from "./mapping.ts"
import { adminRoute, type Route } from "./route.ts"

const SUBJECT_LENGTH_MAX = 200

export const listActions = adminRoute(
  {
    method: "get",
    path: "/actions",
    operationId: "listActions",
    summary: "The logbook: what administrators did, and from where wrong tokens came, the newest last",
    answers: [{ status: 200, description: "The latest 500 of each.", schema: wire.ActionList }],
  },
  async ({ failedSignIns, logbook, responses }) => {
    await failedSignIns.flush()
    const [entries, failures] = await Promise.all([logbook.entries(), logbook.failures()])
    return responses.json({ actions: entries.map(entryToWire), failedSignIns: failures.map(failuresToWire) })
  },
)

/** Names the action of each request. Must run before anything that calls `record`. */
export function nameActions(routes: readonly Route[]) {
  const actions = new Map(routes.map(route => [`${route.method.toUpperCase()} ${route.path}`, route]))
  return async (c: Context<RequestEnv>, next: Next) => {
    // Middleware is registered for ALL methods; the first other match is the route, and its path holds no values.
    const path = matchedRoutes(c).find(({ method }) => method !== "ALL")?.path ?? "?"
    const name = `${c.req.method} ${path}`
    const action = actions.get(name)
    c.set("action", { name: action?.operationId ?? name, logbook: action?.logbook, role: action?.role })
    await next()
  }
}

/** Records every action of an administrator, with the status of its answer. */
export function recordAnswers(context: RequestContext) {
  return async (c: Context<RequestEnv>, next: Next) => {
    await next()
    if (c.get("action").logbook === "answer") await record(context, c, c.res.status)
  }
}

/** Enters the request into the logbook and the log. Never rejects: a logbook that fails must not change an answer. */
export async function record(
  { logbook, log, responses, time }: RequestContext,
  c: Context<RequestEnv>,
  status?: number,
): Promise<void> {
  const { saleId, sku, orderId, nodeId } = c.req.param() as Record<string, string | undefined>
  const by = c.get("by")
  const subject = c.get("subject") ?? orderId ?? nodeId ?? [saleId, sku].filter(Boolean).join("/")
  const entry = {
    at: time.now(),
    action: c.get("action").name,
    ...(subject && { subject: subject.slice(0, SUBJECT_LENGTH_MAX) }),
    ...(status !== undefined && { status }),
    ...(by !== undefined && { by }),
    address: addressOf(c),
    node: responses.nodeId,
  }
  log.info(entry, "administrator")
  await logbook.enter(entry).catch((error: Error) => {
    log.error({ error: error.message }, "the logbook could not be written")
  })
}
