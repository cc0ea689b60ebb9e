import type { Context } from "hono"
import type { Answer, CommandKey } from "../../core/command.ts"
import { type Order, parseOrderId } from "../../core/order.ts"
import type { Refusal } from "../../core/outcome.ts"
import type { Role, Scope } from "../../core/ports/credentials.ts"
import * as wire from "../../wire/wire.ts"
import type { Principal } from "../auth/authenticator.ts"
import { missingFrom } from "../auth/operators.ts"
import { addressOf, type RequestContext, type RequestEnv } from "../context.ts"
import { orderToWire } from "./mapping.ts"
import {
  described,
  forbidden,
  locked,
  malformed,
  order,
  route,
  tooLarge,
  unauthorized,
  unavailable,
  unknownSale,
} from "./route.ts"

/** Answered by `purchase` in ../purchase/purchase.ts. The server matches it itself, because a router costs time. */
export const PURCHASE = described({
  method: "post",
  path: "/api/v1/sales/:saleId/orders",
  operationId: "purchase",
  group: "Buying",
  access: "customer",
  summary: "Buy",
  description: "Safe to repeat with the same `Idempotency-Key`. Without one, a key is made and returned.",
  headers: ["Idempotency-Key"],
  body: wire.PurchaseRequest,
  answers: [
    { status: 201, description: "Yours.", schema: wire.Order },
    { status: 200, description: "Yours already, under this key: `Idempotency-Replayed: true`.", schema: wire.Order },
    malformed,
    unauthorized,
    { status: 403, description: "`not_admitted`." },
    unknownSale,
    {
      status: 409,
      description: "`sale_not_open`, `sale_paused`, `sale_closed`, `limit_reached`, `all_held`, `sold_out`.",
    },
    tooLarge,
    { status: 422, description: "`key_reused`: the key belongs to another request." },
    { status: 429, description: "`rate_limited`: too many requests, or the sale's cool-down after a release." },
    unavailable,
  ],
})

const changeRoute = (verb: Verb) =>
  route(
    {
      method: "post",
      path: `/api/v1/orders/:orderId/${verb}`,
      operationId: `${verb}Order`,
      group: "Buying",
      access: "owner",
      role: "operator",
      scope: "orders:write",
      summary: verb === "confirm" ? "Keep a held unit" : "Give a held unit back",
      description: "Repeating is harmless.",
      answers: [
        order,
        malformed,
        unauthorized,
        forbidden,
        { status: 404, description: "`order_unknown`." },
        { status: 409, description: "`order_released` or `order_confirmed`: too late." },
        locked,
        unavailable,
      ],
    },
    async (context, c) => {
      const request = await orderRequest(context, c, CHANGE)
      if (request instanceof Response) return request
      return orderResponse(context, await changeOrder(context, request.principal, request.orderId, verb))
    },
  )

export const orderRoutes = [
  changeRoute("confirm"),
  changeRoute("cancel"),
  route(
    {
      method: "get",
      path: "/api/v1/orders/:orderId",
      operationId: "readOrder",
      group: "Buying",
      access: "owner",
      role: "viewer",
      scope: "orders:read",
      summary: "One order",
      answers: [
        order,
        malformed,
        unauthorized,
        forbidden,
        { status: 404, description: "`order_unknown`: no such order, or another customer's." },
        locked,
        unavailable,
      ],
    },
    async (context, c) => {
      const request = await orderRequest(context, c, READ)
      if (request instanceof Response) return request
      const { responses } = context
      const found = await readOrder(context, request.principal, request.orderId)
      return typeof found === "string" ? responses.refusal(found) : responses.json(orderToWire(found))
    },
  ),
]

export type Verb = "confirm" | "cancel"

const READ = { role: "viewer", scope: "orders:read" } as const
const CHANGE = { role: "operator", scope: "orders:write" } as const

/** The order's id and who asks, or the refusal of a malformed id, a wrong token or a right one that may not do this. */
async function orderRequest(
  { authenticator, responses, time }: RequestContext,
  c: Context<RequestEnv, `/api/v1/orders/:orderId${string}`>,
  needed: { role: Role; scope: Scope },
): Promise<{ orderId: string; principal: Principal } | Response> {
  const orderId = c.req.param("orderId")
  if (!parseOrderId(orderId)) return responses.refusal("invalid_request", { path: "orderId" })
  const principal = await authenticator.authenticateAnyone(c.req.raw, time.now(), addressOf(c))
  if (principal.kind === "locked") return responses.locked(principal.seconds)
  if (principal.kind === "anonymous") return responses.unauthorized(principal.fault)
  const missing = missingFrom(principal, needed)
  if (missing) return responses.forbidden(missing)
  return { orderId, principal }
}

/** Who asks for an order. Operators and backends may have anybody's. */
type Asking =
  | { kind: "customer"; customerId: string }
  | { kind: "administrator" | "backend" }
  | { kind: "anonymous" | "locked" }

function mayHaveOrders(asking: Asking): asking is Exclude<Asking, { kind: "anonymous" | "locked" }> {
  return asking.kind !== "anonymous" && asking.kind !== "locked"
}

/** The order, if it is the principal's own or the principal is no customer. */
export async function readOrder(
  { inventory }: RequestContext,
  principal: Asking,
  orderId: string,
): Promise<Order | Refusal> {
  if (!mayHaveOrders(principal)) return "unauthorized"
  const order = await inventory.order(orderId)
  const mayRead = principal.kind !== "customer" || order?.customerId === principal.customerId
  return order && mayRead ? order : "order_unknown"
}

/** Confirms or cancels a held order, if it is the principal's own or the principal is no customer. */
export async function changeOrder(
  { inventory }: RequestContext,
  principal: Asking,
  orderId: string,
  verb: Verb,
  once?: CommandKey,
): Promise<Answer> {
  if (!mayHaveOrders(principal)) return { outcome: "unauthorized" }
  const by = principal.kind === "customer" ? { by: principal.customerId } : {}
  const [answer] = await inventory.decide([
    verb === "confirm"
      ? { kind: "confirm", orderId, ...by }
      : { kind: "release", orderId, ...by, reason: "cancelled", once },
  ])
  return answer ?? { outcome: "outcome_unknown" }
}

/** The order as the command left it, or why it could not be changed. */
export function orderResponse(
  { responses, time }: RequestContext,
  answer: Answer,
  headers?: Record<string, string>,
): Response {
  const { outcome, order } = answer
  if (order && (outcome === "confirmed" || outcome === "released")) {
    return responses.json(orderToWire(order), 200, headers)
  }
  return responses.refused(answer, time.now())
}
