import type { Context, Hono } from "hono"
import { parseOrderId } from "../core/order.ts"
import type { Door, Env } from "./door.ts"
import { orderToWire } from "./wire-forms.ts"

export function orderRoutes(app: Hono<Env>, door: Door): void {
  app.get("/api/v1/orders/:orderId", c => readOrder(door, c))
  app.post("/api/v1/orders/:orderId/confirm", c => change(door, c, "confirm"))
  app.post("/api/v1/orders/:orderId/cancel", c => change(door, c, "cancel"))
}

async function readOrder({ inventory, access, replies }: Door, c: Context<Env>): Promise<Response> {
  const orderId = c.req.param("orderId")!
  if (!parseOrderId(orderId)) return replies.refusal("invalid_request", { path: "orderId" })
  const asker = access.asker(c.req.raw, Date.now())
  if (asker.kind === "nobody") return replies.refusal("unauthorized")
  const order = await inventory.order(orderId)
  const isTheirs = asker.kind === "administrator" || order?.customerId === asker.customerId
  return order && isTheirs ? replies.json(orderToWire(order)) : replies.refusal("order_unknown")
}

async function change(door: Door, c: Context<Env>, verb: "confirm" | "cancel"): Promise<Response> {
  const { inventory, access, replies } = door
  const orderId = c.req.param("orderId")!
  if (!parseOrderId(orderId)) return replies.refusal("invalid_request", { path: "orderId" })
  const asker = access.asker(c.req.raw, Date.now())
  if (asker.kind === "nobody") return replies.refusal("unauthorized")
  const by = asker.kind === "customer" ? asker.customerId : undefined
  const [answer] = await inventory.decide([
    verb === "confirm" ? { kind: "confirm", orderId, by } : { kind: "release", orderId, by, reason: "cancelled" },
  ])
  const { outcome, order } = answer!
  if (order && (outcome === "confirmed" || outcome === "released")) return replies.json(orderToWire(order))
  return replies.refused(answer!, Date.now())
}
