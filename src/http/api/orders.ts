import type { Context, Hono } from "hono"
import type { Command } from "../../core/command.ts"
import { parseOrderId } from "../../core/order.ts"
import { addressOf, type Door, type Env } from "../context.ts"
import { orderToWire } from "./mapping.ts"

export function orderRoutes(app: Hono<Env>, door: Door): void {
  app.get("/api/v1/orders/:orderId", c => readOrder(door, c))
  app.post("/api/v1/orders/:orderId/confirm", c => change(door, c, "confirm"))
  app.post("/api/v1/orders/:orderId/cancel", c => change(door, c, "cancel"))
}

async function readOrder({ inventory, access, replies }: Door, c: Context<Env>): Promise<Response> {
  const orderId = c.req.param("orderId")!
  if (!parseOrderId(orderId)) return replies.refusal("invalid_request", { path: "orderId" })
  const asker = access.asker(c.req.raw, Date.now(), addressOf(c))
  if (asker.kind === "locked") return replies.locked(asker.seconds)
  if (asker.kind === "nobody") return replies.refusal("unauthorized")
  const order = await inventory.order(orderId)
  const isTheirs = asker.kind === "administrator" || order?.customerId === asker.customerId
  return order && isTheirs ? replies.json(orderToWire(order)) : replies.refusal("order_unknown")
}

async function change(door: Door, c: Context<Env>, verb: "confirm" | "cancel"): Promise<Response> {
  const { access, replies } = door
  const orderId = c.req.param("orderId")!
  if (!parseOrderId(orderId)) return replies.refusal("invalid_request", { path: "orderId" })
  const asker = access.asker(c.req.raw, Date.now(), addressOf(c))
  if (asker.kind === "locked") return replies.locked(asker.seconds)
  if (asker.kind === "nobody") return replies.refusal("unauthorized")
  const by = asker.kind === "customer" ? asker.customerId : undefined
  if (verb === "confirm") return decideOrder(door, { kind: "confirm", orderId, by })
  return decideOrder(door, { kind: "release", orderId, by, reason: "cancelled" })
}

/** What became of the order. */
export async function decideOrder({ inventory, replies }: Door, command: Command): Promise<Response> {
  const [answer] = await inventory.decide([command])
  const { outcome, order } = answer!
  if (order && (outcome === "confirmed" || outcome === "released")) return replies.json(orderToWire(order))
  return replies.refused(answer!, Date.now())
}
