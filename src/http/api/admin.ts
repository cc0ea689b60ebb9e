import type { Context } from "hono"
import type { Create, SaleCommand } from "../../core/command.ts"
import { parseOrderId } from "../../core/order.ts"
import * as wire from "../../wire/wire.ts"
import type { RequestContext, RequestEnv } from "../context.ts"
import { REPLAYED } from "../purchase/purchase.ts"
import { commandHeaders } from "./command-headers.ts"
import { newSaleFromWire, saleToWire, termsFromWire } from "./mapping.ts"
import { changeOrder, orderResponse } from "./orders.ts"
import {
  adminRoute,
  type HeaderName,
  keyReused,
  malformed,
  order,
  sale,
  tooLarge,
  unknownSale,
  versionConflict,
} from "./route.ts"

/** The largest sale that the schema allows has 86 kB, with every character of its names escaped. */
export const NEW_SALE_BYTES_MAX = 128 * 1024
const REPEATABLE = "Safe to repeat with the same `Idempotency-Key`; the answer then says `Idempotency-Replayed: true`."
const NAMED: { description: string; headers: HeaderName[] } = {
  description: `${REPEATABLE} With \`If-Match\` it changes only that \`version\` of the sale.`,
  headers: ["Idempotency-Key", "If-Match"],
}

/** What may be done to a sale as it is, by an administrator or a shop's own server. */
export const STEERING = ["pause", "resume", "close"] as const

export const steering = (kind: (typeof STEERING)[number]) => ({
  ...NAMED,
  summary: `${kind[0]?.toUpperCase()}${kind.slice(1)} a sale`,
  answers: [
    sale,
    malformed,
    unknownSale,
    versionConflict,
    keyReused,
    { status: 409, description: "`sale_closed`: a closed sale stays closed." },
  ],
})

/** An administrator's commands to a sale. */
export const adminSaleRoutes = [
  adminRoute(
    {
      method: "post",
      path: "/sales",
      operationId: "createSale",
      summary: "Create a sale",
      description: REPEATABLE,
      headers: ["Idempotency-Key"],
      body: wire.NewSale,
      bodyBytesMax: NEW_SALE_BYTES_MAX,
      answers: [
        { status: 201, description: "The sale.", schema: wire.Sale },
        malformed,
        { status: 409, description: "`sale_exists`." },
        keyReused,
        { status: 413, description: "The body is larger than 128 KiB." },
      ],
    },
    (context, c, { body }) => {
      c.set("subject", body.id)
      return decide(context, c, { kind: "create", sale: newSaleFromWire(body, context.time.now()) }, body, 201)
    },
  ),
  adminRoute(
    {
      method: "patch",
      path: "/sales/:saleId",
      operationId: "amendSale",
      summary: "Change a sale's terms",
      ...NAMED,
      body: wire.SalePatch,
      answers: [sale, malformed, unknownSale, versionConflict, keyReused, tooLarge],
    },
    (context, c, { body }) => {
      const terms = termsFromWire(body, context.time.now())
      return decide(context, c, { kind: "amend", saleId: c.req.param("saleId"), terms }, body)
    },
  ),
  ...STEERING.map(kind =>
    adminRoute(
      {
        method: "post",
        path: `/sales/:saleId/${kind}`,
        operationId: `${kind}Sale`,
        ...steering(kind),
      },
      (context, c) => decide(context, c, { kind, saleId: c.req.param("saleId") }),
    ),
  ),
  adminRoute(
    {
      method: "post",
      path: "/sales/:saleId/items/:sku/restock",
      operationId: "restock",
      summary: "Add units to an item",
      ...NAMED,
      body: wire.RestockRequest,
      answers: [sale, malformed, unknownSale, versionConflict, keyReused, tooLarge],
    },
    (context, c, { body }) => {
      const { saleId, sku } = c.req.param()
      if (!wire.isId(sku)) return context.responses.refusal("invalid_request", { path: "sku" })
      return decide(context, c, { kind: "restock", saleId, sku, units: body.units }, body)
    },
  ),
]

/** Beside customers' own `cancelOrder`, because the control room's cookie is sent to administrators' paths only. */
export const cancelHeldOrder = adminRoute(
  {
    method: "post",
    path: "/orders/:orderId/cancel",
    operationId: "cancelHeldOrder",
    description: REPEATABLE,
    headers: ["Idempotency-Key"],
    summary: "Give back any customer's held unit",
    answers: [
      order,
      malformed,
      keyReused,
      { status: 404, description: "`order_unknown`." },
      { status: 409, description: "`order_confirmed`: too late." },
    ],
  },
  async (context, c) => {
    const orderId = c.req.param("orderId")
    if (!parseOrderId(orderId)) return context.responses.refusal("invalid_request", { path: "orderId" })
    const headers = commandHeaders(context, c)
    if (headers instanceof Response) return headers
    const answer = await changeOrder(context, { kind: "administrator" }, orderId, "cancel", headers.once)
    if (answer.order) await context.inventory.shown?.()
    return orderResponse(context, answer, answer.replayed ? REPLAYED : undefined)
  },
)

/** Decides a command to a sale, with the key and the version that the request names. */
export async function decide(
  context: RequestContext,
  c: Context<RequestEnv>,
  command: Create | SaleCommand,
  body?: unknown,
  status = 200,
): Promise<Response> {
  const { inventory, responses, time } = context
  const headers = commandHeaders(context, c, body)
  if (headers instanceof Response) return headers
  const [answer = { outcome: "outcome_unknown" as const }] = await inventory.decide([{ ...command, ...headers }])
  const { sale, replayed } = answer
  if (!sale) return responses.refused(answer, time.now())
  await inventory.shown?.()
  const version = { ETag: `"${sale.version}"` }
  return responses.json(saleToWire(sale, time.now()), status, replayed ? { ...version, ...REPLAYED } : version)
}
