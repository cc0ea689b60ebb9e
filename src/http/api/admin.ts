import { type Context, Hono } from "hono"
import type { Command } from "../../core/command.ts"
import { createdBy, parseOrderId } from "../../core/order.ts"
import { KillRequest, NewSale, PageQuery, RestockRequest, SalePatch } from "../../wire/wire.ts"
import { sessionRoutes, signInRoute } from "../auth/control-session.ts"
import { addressOf, type Door, type Env } from "../context.ts"
import { readBody, validate } from "../purchase/body.ts"
import { csvOf } from "./csv.ts"
import { isId } from "./ids.ts"
import { enter, keepsLogbook, logbookRoutes } from "./logbook.ts"
import { factToWire, newSaleFromWire, nodeToWire, orderToWire, saleToWire, termsFromWire } from "./mapping.ts"
import { decideOrder } from "./orders.ts"

const METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"

/** Everything under `/api/v1/admin`: for administrators only. */
export function adminRoutes(door: Door): Hono<Env> {
  const app = new Hono<Env>()
  signInRoute(app, door)
  app.use(async (c, next) => {
    const asker = door.access.administrator(c.req.raw, Date.now(), addressOf(c))
    if (asker.kind === "administrator") return next()
    if (asker.kind === "locked") return door.replies.locked(asker.seconds)
    if (asker.kind === "nobody" && asker.guessed) await enter(door, c, 401)
    return door.replies.refusal("unauthorized")
  })
  app.use(keepsLogbook(door))
  app.use("/sales/:saleId/*", async (c, next) => {
    if (!isId(c.req.param("saleId"))) return door.replies.refusal("invalid_request", { path: "saleId" })
    await next()
  })
  steeringRoutes(app, door)
  readingRoutes(app, door)
  nodeRoutes(app, door)
  sessionRoutes(app, door)
  logbookRoutes(app, door)
  return app
}

function steeringRoutes(app: Hono<Env>, door: Door): void {
  app.post("/sales", async c => {
    const body = await readBody(c.req.raw, NewSale)
    if (!body.ok) return door.replies.malformed(body)
    c.set("subject", body.value.id)
    return command(door, { kind: "create", sale: newSaleFromWire(body.value) }, 201)
  })
  app.patch("/sales/:saleId", async c => {
    const body = await readBody(c.req.raw, SalePatch)
    if (!body.ok) return door.replies.malformed(body)
    return command(door, { kind: "amend", saleId: c.req.param("saleId"), terms: termsFromWire(body.value) })
  })
  for (const kind of ["pause", "resume", "close"] as const) {
    app.post(`/sales/:saleId/${kind}`, c => command(door, { kind, saleId: c.req.param("saleId") }))
  }
  app.post("/sales/:saleId/items/:sku/restock", async c => {
    const body = await readBody(c.req.raw, RestockRequest)
    if (!body.ok) return door.replies.malformed(body)
    const { saleId, sku } = c.req.param()
    if (!isId(sku)) return door.replies.refusal("invalid_request", { path: "sku" })
    return command(door, { kind: "restock", saleId, sku, units: body.value.units })
  })
  // The administrator's own cookie reaches these routes only.
  app.post("/orders/:orderId/cancel", async c => {
    const { orderId } = c.req.param()
    if (!parseOrderId(orderId)) return door.replies.refusal("invalid_request", { path: "orderId" })
    return decideOrder(door, { kind: "release", orderId, reason: "cancelled" })
  })
}

function readingRoutes(app: Hono<Env>, door: Door): void {
  const { inventory, replies } = door
  app.get("/sales/:saleId/orders", async c => {
    const query = await page(door, c)
    if (query instanceof Response) return query
    const orders = await inventory.orders(c.req.param("saleId"), query.after, query.limit)
    const next = orders.length === query.limit ? createdBy(orders.at(-1)!) : undefined
    return replies.json({ orders: orders.map(orderToWire), ...(next && { next }) })
  })
  app.get("/sales/:saleId/facts", async c => {
    const query = await page(door, c)
    if (query instanceof Response) return query
    const facts = await inventory.facts(c.req.param("saleId"), query.after, query.limit)
    const next = facts.length === query.limit ? facts.at(-1)!.seq : undefined
    return replies.json({ facts: facts.map(factToWire), ...(next && { next }) })
  })
  app.get("/sales/:saleId/orders.csv", async c => {
    if (!(await exists(door, c.req.param("saleId")))) return replies.refusal("sale_unknown")
    const name = `attachment; filename="${c.req.param("saleId")}-orders.csv"`
    const csv = csvOf(after => inventory.orders(c.req.param("saleId"), after, 1000))
    return replies.stream(csv, "text/csv; charset=utf-8", { "Content-Disposition": name })
  })
  app.get("/sales/:saleId/audit", async c => {
    const report = await door.audit(c.req.param("saleId"))
    return report ? replies.json(report) : replies.refusal("sale_unknown")
  })
}

function nodeRoutes(app: Hono<Env>, door: Door): void {
  const { fleet, replies } = door
  app.get("/nodes", async () => {
    return replies.json({ nodes: (await fleet.nodes()).map(nodeToWire), hasDrills: fleet.hasDrills })
  })
  app.get("/metrics", async () => replies.text(await fleet.allMetrics(), METRICS_TYPE))
  app.post("/nodes/:nodeId/kill", async c => {
    const { nodeId } = c.req.param()
    const body = await readBody(c.req.raw, KillRequest)
    if (!body.ok) return replies.malformed(body)
    await enter(door, c)
    return (await fleet.kill(nodeId, body.value.pid)) ? replies.json({ killed: nodeId }) : replies.notFound()
  })
  app.post("/nodes/:nodeId/drain", async c => {
    const { nodeId } = c.req.param()
    await enter(door, c)
    return (await fleet.drain(nodeId)) ? replies.json({ drained: nodeId }, 202) : replies.notFound()
  })
}

async function command({ inventory, replies }: Door, command: Command, status = 200): Promise<Response> {
  const [answer] = await inventory.decide([command])
  if (answer?.sale) return replies.json(saleToWire(answer.sale, Date.now()), status)
  return replies.refused(answer!, Date.now())
}

async function page(door: Door, c: Context<Env>): Promise<{ after: number; limit: number } | Response> {
  const query = validate(c.req.query(), PageQuery)
  if (!query.ok) return door.replies.malformed(query)
  return (await exists(door, c.req.param("saleId")!)) ? query.value : door.replies.refusal("sale_unknown")
}

async function exists({ board, inventory }: Door, saleId: string): Promise<boolean> {
  return board.sale(saleId) !== undefined || (await inventory.sales()).some(({ id }) => id === saleId)
}
