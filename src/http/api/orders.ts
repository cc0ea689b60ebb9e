import type { Context, Hono } from "hono"
import type { Command } from "../../core/command.ts"
import { parseOrderId } from "../../core/order.ts"
import { addressOf, type Env, type RequestContext } from "../context.ts"
import { orderToWire } from "./mapping.ts"

export function orderRoutes(app: Hono<Env>, context: RequestContext): void {
  app.get("/api/v1/orders/:orderId", c => readOrder(context, c))
  app.post("/api/v1/orders/:orderId/confirm", c => change(context, c, "confirm"))
  app.post("/api/v1/orders/:orderId/cancel", c => change(context, c, "cancel"))
}

async function readOrder({ inventory, authenticator, responses }: RequestContext, c: Context<Env>): Promise<Response> {
  const orderId = c.req.param("orderId")!
  if (!parseOrderId(orderId)) return responses.refusal("invalid_request", { path: "orderId" })
  const principal = authenticator.authenticate(c.req.raw, Date.now(), addressOf(c))
  if (principal.kind === "locked") return responses.locked(principal.seconds)
  if (principal.kind === "nobody") return responses.refusal("unauthorized")
  const order = await inventory.order(orderId)
  const isTheirs = principal.kind === "administrator" || order?.customerId === principal.customerId
  return order && isTheirs ? responses.json(orderToWire(order)) : responses.refusal("order_unknown")
}

async function change(context: RequestContext, c: Context<Env>, verb: "confirm" | "cancel"): Promise<Response> {
  const { authenticator, responses } = context
  const orderId = c.req.param("orderId")!
  if (!parseOrderId(orderId)) return responses.refusal("invalid_request", { path: "orderId" })
  const principal = authenticator.authenticate(c.req.raw, Date.now(), addressOf(c))
  if (principal.kind === "locked") return responses.locked(principal.seconds)
  if (principal.kind === "nobody") return responses.refusal("unauthorized")
  const by = principal.kind === "customer" ? principal.customerId : undefined
  if (verb === "confirm") return decideOrder(context, { kind: "confirm", orderId, by })
  return decideOrder(context, { kind: "release", orderId, by, reason: "cancelled" })
}

/** What became of the order. */
export async function decideOrder({ inventory, responses }: RequestContext, command: Command): Promise<Response> {
  const [answer] = await inventory.decide([command])
  const { outcome, order } = answer!
  if (order && (outcome === "confirmed" || outcome === "released")) return responses.json(orderToWire(order))
  return responses.refused(answer!, Date.now())
}
