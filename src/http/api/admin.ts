import { type Context, Hono } from "hono"
import type { Command } from "../../core/command.ts"
import { createdSeq, parseOrderId } from "../../core/order.ts"
import { KillRequest, NewSale, PageQuery, RestockRequest, SalePatch } from "../../wire/wire.ts"
import { sessionRoutes, signInRoute } from "../auth/control-session.ts"
import { addressOf, type Env, type RequestContext } from "../context.ts"
import { readBody, validate } from "../purchase/body.ts"
import { csvOf } from "./csv.ts"
import { isId } from "./ids.ts"
import { enter, keepsLogbook, logbookRoutes } from "./logbook.ts"
import { factToWire, newSaleFromWire, nodeToWire, orderToWire, saleToWire, termsFromWire } from "./mapping.ts"
import { decideOrder } from "./orders.ts"

const METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"

/** Everything under `/api/v1/admin`: for administrators only. */
export function adminRoutes(context: RequestContext): Hono<Env> {
  const app = new Hono<Env>()
  signInRoute(app, context)
  app.use(async (c, next) => {
    const principal = context.authenticator.authenticateAdministrator(c.req.raw, Date.now(), addressOf(c))
    if (principal.kind === "administrator") return next()
    if (principal.kind === "locked") return context.responses.locked(principal.seconds)
    if (principal.kind === "nobody" && principal.guessed) await enter(context, c, 401)
    return context.responses.refusal("unauthorized")
  })
  app.use(keepsLogbook(context))
  app.use("/sales/:saleId/*", async (c, next) => {
    if (!isId(c.req.param("saleId"))) return context.responses.refusal("invalid_request", { path: "saleId" })
    await next()
  })
  steeringRoutes(app, context)
  readingRoutes(app, context)
  nodeRoutes(app, context)
  sessionRoutes(app, context)
  logbookRoutes(app, context)
  return app
}

function steeringRoutes(app: Hono<Env>, context: RequestContext): void {
  app.post("/sales", async c => {
    const body = await readBody(c.req.raw, NewSale)
    if (!body.ok) return context.responses.malformed(body)
    c.set("subject", body.value.id)
    return command(context, { kind: "create", sale: newSaleFromWire(body.value) }, 201)
  })
  app.patch("/sales/:saleId", async c => {
    const body = await readBody(c.req.raw, SalePatch)
    if (!body.ok) return context.responses.malformed(body)
    return command(context, { kind: "amend", saleId: c.req.param("saleId"), terms: termsFromWire(body.value) })
  })
  for (const kind of ["pause", "resume", "close"] as const) {
    app.post(`/sales/:saleId/${kind}`, c => command(context, { kind, saleId: c.req.param("saleId") }))
  }
  app.post("/sales/:saleId/items/:sku/restock", async c => {
    const body = await readBody(c.req.raw, RestockRequest)
    if (!body.ok) return context.responses.malformed(body)
    const { saleId, sku } = c.req.param()
    if (!isId(sku)) return context.responses.refusal("invalid_request", { path: "sku" })
    return command(context, { kind: "restock", saleId, sku, units: body.value.units })
  })
  // The administrator's own cookie reaches these routes only.
  app.post("/orders/:orderId/cancel", async c => {
    const { orderId } = c.req.param()
    if (!parseOrderId(orderId)) return context.responses.refusal("invalid_request", { path: "orderId" })
    return decideOrder(context, { kind: "release", orderId, reason: "cancelled" })
  })
}

function readingRoutes(app: Hono<Env>, context: RequestContext): void {
  const { inventory, responses } = context
  app.get("/sales/:saleId/orders", async c => {
    const query = await page(context, c)
    if (query instanceof Response) return query
    const orders = await inventory.orders(c.req.param("saleId"), query.after, query.limit)
    const next = orders.length === query.limit ? createdSeq(orders.at(-1)!) : undefined
    return responses.json({ orders: orders.map(orderToWire), ...(next && { next }) })
  })
  app.get("/sales/:saleId/facts", async c => {
    const query = await page(context, c)
    if (query instanceof Response) return query
    const facts = await inventory.facts(c.req.param("saleId"), query.after, query.limit)
    const next = facts.length === query.limit ? facts.at(-1)!.seq : undefined
    return responses.json({ facts: facts.map(factToWire), ...(next && { next }) })
  })
  app.get("/sales/:saleId/orders.csv", async c => {
    if (!(await exists(context, c.req.param("saleId")))) return responses.refusal("sale_unknown")
    const name = `attachment; filename="${c.req.param("saleId")}-orders.csv"`
    const csv = csvOf(after => inventory.orders(c.req.param("saleId"), after, 1000))
    return responses.stream(csv, "text/csv; charset=utf-8", { "Content-Disposition": name })
  })
  app.get("/sales/:saleId/audit", async c => {
    const report = await context.audit(c.req.param("saleId"))
    return report ? responses.json(report) : responses.refusal("sale_unknown")
  })
}

function nodeRoutes(app: Hono<Env>, context: RequestContext): void {
  const { nodes, responses } = context
  app.get("/nodes", async () => {
    return responses.json({ nodes: (await nodes.nodes()).map(nodeToWire), hasDrills: nodes.hasDrills })
  })
  app.get("/metrics", async () => responses.text(await nodes.allMetrics(), METRICS_TYPE))
  app.post("/nodes/:nodeId/kill", async c => {
    const { nodeId } = c.req.param()
    const body = await readBody(c.req.raw, KillRequest)
    if (!body.ok) return responses.malformed(body)
    await enter(context, c)
    return (await nodes.kill(nodeId, body.value.pid)) ? responses.json({ killed: nodeId }) : responses.notFound()
  })
  app.post("/nodes/:nodeId/drain", async c => {
    const { nodeId } = c.req.param()
    await enter(context, c)
    return (await nodes.drain(nodeId)) ? responses.json({ drained: nodeId }, 202) : responses.notFound()
  })
}

async function command({ inventory, responses }: RequestContext, command: Command, status = 200): Promise<Response> {
  const [answer] = await inventory.decide([command])
  if (answer?.sale) return responses.json(saleToWire(answer.sale, Date.now()), status)
  return responses.refused(answer!, Date.now())
}

async function page(context: RequestContext, c: Context<Env>): Promise<{ after: number; limit: number } | Response> {
  const query = validate(c.req.query(), PageQuery)
  if (!query.ok) return context.responses.malformed(query)
  return (await exists(context, c.req.param("saleId")!)) ? query.value : context.responses.refusal("sale_unknown")
}

async function exists({ saleCache, inventory }: RequestContext, saleId: string): Promise<boolean> {
  return saleCache.sale(saleId) !== undefined || (await inventory.sales()).some(({ id }) => id === saleId)
}
