import { type Context, Hono } from "hono"
import type { Command } from "../core/command.ts"
import { NewSale, PageQuery, RestockRequest, SalePatch } from "../wire.ts"
import { type Body, readBody, validate } from "./body.ts"
import { createdBy, csvOf } from "./csv.ts"
import type { Door, Env } from "./door.ts"
import { isId } from "./ids.ts"
import { factToWire, newSaleFromWire, nodeToWire, orderToWire, saleToWire, termsFromWire } from "./wire-forms.ts"

/** Everything under `/api/v1/admin`: for administrators only. */
export function adminRoutes(door: Door): Hono<Env> {
  const app = new Hono<Env>()
  app.use(async (c, next) => {
    if (!door.access.isAdministrator(c.req.raw)) return door.replies.refusal("unauthorized")
    await next()
  })
  app.use("/sales/:id/*", async (c, next) => {
    if (!isId(c.req.param("id"))) return door.replies.refusal("invalid_request", { path: "saleId" })
    await next()
  })
  steeringRoutes(app, door)
  readingRoutes(app, door)
  nodeRoutes(app, door)
  return app
}

function steeringRoutes(app: Hono<Env>, door: Door): void {
  app.post("/sales", async c => {
    const body = await readBody(c.req.raw, NewSale)
    if (!body.ok) return malformed(door, body)
    return command(door, { kind: "create", sale: newSaleFromWire(body.value) }, 201)
  })
  app.patch("/sales/:id", async c => {
    const body = await readBody(c.req.raw, SalePatch)
    if (!body.ok) return malformed(door, body)
    return command(door, { kind: "amend", saleId: c.req.param("id"), terms: termsFromWire(body.value) })
  })
  for (const kind of ["pause", "resume", "close"] as const) {
    app.post(`/sales/:id/${kind}`, c => command(door, { kind, saleId: c.req.param("id") }))
  }
  app.post("/sales/:id/items/:sku/restock", async c => {
    const body = await readBody(c.req.raw, RestockRequest)
    if (!body.ok) return malformed(door, body)
    const { id, sku } = c.req.param()
    if (!isId(sku)) return door.replies.refusal("invalid_request", { path: "sku" })
    return command(door, { kind: "restock", saleId: id, sku, units: body.value.units })
  })
}

function readingRoutes(app: Hono<Env>, door: Door): void {
  const { inventory, replies } = door
  app.get("/sales/:id/orders", async c => {
    const query = await page(door, c)
    if (query instanceof Response) return query
    const orders = await inventory.orders(c.req.param("id"), query.after, query.limit)
    const next = orders.length === query.limit ? createdBy(orders.at(-1)!) : undefined
    return replies.json({ orders: orders.map(orderToWire), ...(next && { next }) })
  })
  app.get("/sales/:id/facts", async c => {
    const query = await page(door, c)
    if (query instanceof Response) return query
    const facts = await inventory.facts(c.req.param("id"), query.after, query.limit)
    const next = facts.length === query.limit ? facts.at(-1)!.seq : undefined
    return replies.json({ facts: facts.map(factToWire), ...(next && { next }) })
  })
  app.get("/sales/:id/orders.csv", async c => {
    if (!(await exists(door, c.req.param("id")))) return replies.refusal("sale_unknown")
    const name = `attachment; filename="${c.req.param("id")}-orders.csv"`
    const csv = csvOf(after => inventory.orders(c.req.param("id"), after, 1000))
    return replies.stream(csv, "text/csv; charset=utf-8", { "Content-Disposition": name })
  })
  app.get("/sales/:id/audit", async c => {
    const report = await door.audit(c.req.param("id"))
    return report ? replies.json(report) : replies.refusal("sale_unknown")
  })
}

function nodeRoutes(app: Hono<Env>, { fleet, replies }: Door): void {
  app.get("/nodes", async () => replies.json({ nodes: (await fleet.nodes()).map(nodeToWire) }))
  app.post("/nodes/:id/kill", async c => {
    return (await fleet.kill(c.req.param("id"))) ? replies.json({ killed: c.req.param("id") }) : replies.notFound()
  })
}

async function command({ inventory, replies }: Door, command: Command, status = 200): Promise<Response> {
  const [answer] = await inventory.decide([command])
  if (answer?.sale) return replies.json(saleToWire(answer.sale, Date.now()), status)
  return replies.refused(answer!, Date.now())
}

async function page(door: Door, c: Context<Env>): Promise<{ after: number; limit: number } | Response> {
  const query = validate(c.req.query(), PageQuery)
  if (!query.ok) return malformed(door, query)
  return (await exists(door, c.req.param("id")!)) ? query.value : door.replies.refusal("sale_unknown")
}

async function exists({ board, inventory }: Door, saleId: string): Promise<boolean> {
  return board.sale(saleId) !== undefined || (await inventory.sales()).some(({ id }) => id === saleId)
}

function malformed({ replies }: Door, body: Extract<Body<unknown>, { ok: false }>): Response {
  return body.tooLarge
    ? replies.tooLarge()
    : replies.refusal("invalid_request", { path: body.path, detail: body.detail })
}
