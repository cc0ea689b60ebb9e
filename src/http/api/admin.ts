import type { Command } from "../../core/command.ts"
import { parseOrderId } from "../../core/order.ts"
import * as wire from "../../wire/wire.ts"
import type { RequestContext } from "../context.ts"
import { newSaleFromWire, saleToWire, termsFromWire } from "./mapping.ts"
import { changeOrder, orderResponse } from "./orders.ts"
import { adminRoute, malformed, order, sale, tooLarge, unknownSale } from "./route.ts"

/** An administrator's commands to a sale. */
export const adminSaleRoutes = [
  adminRoute(
    {
      method: "post",
      path: "/sales",
      operationId: "createSale",
      summary: "Create a sale",
      body: wire.NewSale,
      answers: [
        { status: 201, description: "The sale.", schema: wire.Sale },
        malformed,
        { status: 409, description: "`sale_exists`." },
        tooLarge,
      ],
    },
    (context, c, { body }) => {
      c.set("subject", body.id)
      return decide(context, { kind: "create", sale: newSaleFromWire(body) }, 201)
    },
  ),
  adminRoute(
    {
      method: "patch",
      path: "/sales/:saleId",
      operationId: "amendSale",
      summary: "Change a sale's terms",
      body: wire.SalePatch,
      answers: [sale, malformed, unknownSale, tooLarge],
    },
    (context, c, { body }) =>
      decide(context, { kind: "amend", saleId: c.req.param("saleId"), terms: termsFromWire(body) }),
  ),
  ...(["pause", "resume", "close"] as const).map(kind =>
    adminRoute(
      {
        method: "post",
        path: `/sales/:saleId/${kind}`,
        operationId: `${kind}Sale`,
        summary: `${kind[0]?.toUpperCase()}${kind.slice(1)} a sale`,
        answers: [
          sale,
          malformed,
          unknownSale,
          { status: 409, description: "`sale_closed`: a closed sale stays closed." },
        ],
      },
      (context, c) => decide(context, { kind, saleId: c.req.param("saleId") }),
    ),
  ),
  adminRoute(
    {
      method: "post",
      path: "/sales/:saleId/items/:sku/restock",
      operationId: "restock",
      summary: "Add units to an item",
      body: wire.RestockRequest,
      answers: [sale, malformed, unknownSale, tooLarge],
    },
    (context, c, { body }) => {
      const { saleId, sku } = c.req.param()
      if (!wire.isId(sku)) return context.responses.refusal("invalid_request", { path: "sku" })
      return decide(context, { kind: "restock", saleId, sku, units: body.units })
    },
  ),
]

/** Beside customers' own `cancelOrder`, because the control room's cookie is sent to administrators' paths only. */
export const cancelHeldOrder = adminRoute(
  {
    method: "post",
    path: "/orders/:orderId/cancel",
    operationId: "cancelHeldOrder",
    summary: "Give back any customer's held unit",
    answers: [
      order,
      malformed,
      { status: 404, description: "`order_unknown`." },
      { status: 409, description: "`order_confirmed`: too late." },
    ],
  },
  async (context, c) => {
    const orderId = c.req.param("orderId")
    if (!parseOrderId(orderId)) return context.responses.refusal("invalid_request", { path: "orderId" })
    return orderResponse(context, await changeOrder(context, { kind: "administrator" }, orderId, "cancel"))
  },
)

async function decide(
  { inventory, responses, time }: RequestContext,
  command: Command,
  status = 200,
): Promise<Response> {
  const [answer = { outcome: "outcome_unknown" as const }] = await inventory.decide([command])
  if (answer.sale) return responses.json(saleToWire(answer.sale, time.now()), status)
  return responses.refused(answer, time.now())
}
