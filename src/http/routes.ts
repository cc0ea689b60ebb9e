import type { ZodType } from "zod"
import * as wire from "../wire.ts"

export interface Route {
  method: "get" | "post" | "patch"
  path: string
  operationId: string
  group: "Buying" | "Sales" | "Administration" | "Operations"
  access: "anyone" | "customer" | "owner" | "administrator"
  summary: string
  description?: string
  body?: ZodType
  query?: ZodType
  headers?: string[]
  answers: { status: number; description: string; schema?: ZodType; type?: string }[]
}

const malformed = { status: 400, description: "`invalid_request`: malformed." }
const unauthorized = { status: 401, description: "`unauthorized`: no token, or a bad or expired one." }
const unknownSale = { status: 404, description: "`sale_unknown`: no such sale or item." }
const tooLarge = { status: 413, description: "The body is larger than 16 KiB." }
const unavailable = {
  status: 503,
  description: "`overloaded`, `reconciling`: no effect. `outcome_unknown`: retry with the same key.",
}
const sale = { status: 200, description: "The sale.", schema: wire.Sale }

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

/** An administrator's route: what all of them have in common is added. */
function admin(
  method: Route["method"],
  path: string,
  operationId: string,
  summary: string,
  rest: Partial<Route>,
): Route {
  const answers = [...(rest.answers ?? []), unauthorized, unavailable]
  const full = `/api/v1/admin${path}`
  return {
    method,
    path: full,
    operationId,
    summary,
    group: "Administration",
    access: "administrator",
    ...rest,
    answers,
  }
}

const administration: Route[] = [
  admin("post", "/sales", "createSale", "Create a sale", {
    body: wire.NewSale,
    answers: [
      { status: 201, description: "The sale.", schema: wire.Sale },
      malformed,
      { status: 409, description: "`sale_exists`." },
      tooLarge,
    ],
  }),
  admin("patch", "/sales/{saleId}", "amendSale", "Change a sale's terms", {
    body: wire.SalePatch,
    answers: [sale, malformed, unknownSale, tooLarge],
  }),
  ...(["pause", "resume", "close"] as const).map(verb =>
    admin("post", `/sales/{saleId}/${verb}`, `${verb}Sale`, `${verb[0]!.toUpperCase()}${verb.slice(1)} a sale`, {
      answers: [
        sale,
        malformed,
        unknownSale,
        { status: 409, description: "`sale_closed`: a closed sale stays closed." },
      ],
    }),
  ),
  admin("post", "/sales/{saleId}/items/{sku}/restock", "restock", "Add units to an item", {
    body: wire.RestockRequest,
    answers: [sale, malformed, unknownSale, tooLarge],
  }),
  admin("get", "/sales/{saleId}/orders", "listOrders", "Orders, in order of creation", {
    query: wire.PageQuery,
    answers: [{ status: 200, description: "A page.", schema: wire.OrderPage }, malformed, unknownSale],
  }),
  admin("get", "/sales/{saleId}/orders.csv", "exportOrders", "Every order as CSV", {
    answers: [{ status: 200, description: "CSV.", type: "text/csv" }, malformed, unknownSale],
  }),
  admin("get", "/sales/{saleId}/facts", "listFacts", "The journal: every transition, in order", {
    query: wire.PageQuery,
    answers: [{ status: 200, description: "A page.", schema: wire.FactPage }, malformed, unknownSale],
  }),
  admin("get", "/sales/{saleId}/audit", "auditSale", "Prove or refute the promises for a sale", {
    answers: [{ status: 200, description: "Every check.", schema: wire.AuditReport }, malformed, unknownSale],
  }),
  admin("get", "/nodes", "listNodes", "The replicas", {
    answers: [{ status: 200, description: "Every node.", schema: wire.NodeList }],
  }),
  admin("post", "/nodes/{nodeId}/kill", "killNode", "Kill a replica (SIGKILL), for drills", {
    answers: [
      { status: 200, description: "Killed.", schema: wire.Killed },
      { status: 404, description: "There is no such process." },
    ],
  }),
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
