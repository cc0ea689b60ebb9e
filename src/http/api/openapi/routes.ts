import * as wire from "../../../wire/wire.ts"
import { administration } from "./admin-routes.ts"
import { locked, malformed, type Route, sale, tooLarge, unauthorized, unavailable, unknownSale } from "./route.ts"

const buying: Route[] = [
  {
    method: "post",
    path: "/api/v1/sessions",
    operationId: "openSession",
    group: "Buying",
    access: "anyone",
    summary: "Become an anonymous buyer",
    description: "The token comes in the body and as a `session` cookie.",
    answers: [{ status: 201, description: "A session.", schema: wire.Session }],
  },
  {
    method: "post",
    path: "/api/v1/sales/{saleId}/orders",
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
      { status: 429, description: "`rate_limited`." },
      unavailable,
    ],
  },
  ...(["confirm", "cancel"] as const).map(
    (verb): Route => ({
      method: "post",
      path: `/api/v1/orders/{orderId}/${verb}`,
      operationId: `${verb}Order`,
      group: "Buying",
      access: "owner",
      summary: verb === "confirm" ? "Keep a held unit" : "Give a held unit back",
      description: "Repeating is harmless.",
      answers: [
        { status: 200, description: "The order.", schema: wire.Order },
        malformed,
        unauthorized,
        { status: 404, description: "`order_unknown`." },
        { status: 409, description: "`order_released` or `order_confirmed`: too late." },
        locked,
        unavailable,
      ],
    }),
  ),
  {
    method: "get",
    path: "/api/v1/orders/{orderId}",
    operationId: "readOrder",
    group: "Buying",
    access: "owner",
    summary: "One order",
    answers: [
      { status: 200, description: "The order.", schema: wire.Order },
      malformed,
      unauthorized,
      { status: 404, description: "`order_unknown`, or somebody else's." },
      locked,
      unavailable,
    ],
  },
]

const sales: Route[] = [
  {
    method: "get",
    path: "/api/v1/sales",
    operationId: "listSales",
    group: "Sales",
    access: "anyone",
    summary: "Every sale",
    answers: [{ status: 200, description: "The sales.", schema: wire.SaleList }],
  },
  {
    method: "get",
    path: "/api/v1/sales/{saleId}",
    operationId: "readSale",
    group: "Sales",
    access: "anyone",
    summary: "One sale, cacheable for a second",
    answers: [sale, malformed, unknownSale, unavailable],
  },
  {
    method: "get",
    path: "/api/v1/sales/{saleId}/live",
    operationId: "watchSale",
    group: "Sales",
    access: "anyone",
    summary: "A sale as it changes",
    description: "Server-sent events named `stock`, at most five a second; their data is a `Sale`.",
    answers: [
      { status: 200, description: "Events without end.", type: "text/event-stream" },
      malformed,
      unknownSale,
      unavailable,
    ],
  },
]

const plainRoutes: [path: string, operationId: string, summary: string, type: string][] = [
  ["/livez", "livez", "200 while the process lives; depends on no store", "text/plain"],
  ["/readyz", "readyz", "200 while this replica can sell, otherwise 503", "text/plain"],
  ["/metrics", "metrics", "Every series, in Prometheus' text format", "text/plain"],
  ["/openapi.json", "openapi", "This document", "application/json"],
  ["/docs", "docs", "This document, to read", "text/html"],
]

const operations: Route[] = plainRoutes.map(([path, operationId, summary, type]) => ({
  method: "get",
  path,
  operationId,
  group: "Operations",
  access: "anyone",
  summary,
  answers: [{ status: 200, description: "OK.", type }, ...(path === "/readyz" ? [unavailable] : [])],
}))

/** Every route of the API, as the OpenAPI document tells it. */
export const ROUTES: Route[] = [...buying, ...sales, ...administration, ...operations]
