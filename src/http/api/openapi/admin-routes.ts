import * as wire from "../../../wire/wire.ts"
import { locked, malformed, type Route, sale, tooLarge, unauthorized, unavailable, unknownSale } from "./route.ts"

/** An administrator's route: what all of them have in common is added. */
function admin(
  method: Route["method"],
  path: string,
  operationId: string,
  summary: string,
  rest: Partial<Route>,
): Route {
  const answers = [...(rest.answers ?? []), unauthorized, locked, unavailable]
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

export const administration: Route[] = [
  admin("post", "/session", "signIn", "Sign in to the control room", {
    access: "anyone",
    description:
      "Gives a `control` cookie, HttpOnly and SameSite=Strict, that opens these routes for 12 hours; what changes something then needs a same-origin `Origin`.",
    body: wire.ControlRequest,
    answers: [{ status: 201, description: "You are in.", schema: wire.ControlSession }, malformed, tooLarge],
  }),
  admin("get", "/session", "readSession", "Until when the cookie is good", {
    answers: [{ status: 200, description: "You are in; with a cookie, until when.", schema: wire.ControlSession }],
  }),
  admin("delete", "/session", "signOut", "Sign out", {
    answers: [{ status: 200, description: "The cookie is gone.", schema: wire.ControlSession }],
  }),
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
  admin("post", "/orders/{orderId}/cancel", "cancelHeldOrder", "Give a held unit back, whoever holds it", {
    answers: [
      { status: 200, description: "The order.", schema: wire.Order },
      malformed,
      { status: 404, description: "`order_unknown`." },
      { status: 409, description: "`order_confirmed`: too late." },
    ],
  }),
  admin("get", "/actions", "listActions", "The logbook: what administrators did, the newest last", {
    answers: [{ status: 200, description: "The latest 500.", schema: wire.ActionList }],
  }),
  admin("get", "/nodes", "listNodes", "The replicas", {
    answers: [{ status: 200, description: "Every node.", schema: wire.NodeList }],
  }),
  admin("get", "/metrics", "allMetrics", "Every series of every node, in Prometheus' text format", {
    answers: [{ status: 200, description: "What all nodes have counted, whichever is asked.", type: "text/plain" }],
  }),
  admin("post", "/nodes/{nodeId}/kill", "killNode", "Kill a replica (SIGKILL), for drills", {
    description: "With a `pid` it is safe to repeat: the process that took its place is left alone.",
    body: wire.KillRequest,
    answers: [
      { status: 200, description: "Killed.", schema: wire.Killed },
      malformed,
      tooLarge,
      { status: 404, description: "There is no such process." },
    ],
  }),
  admin("post", "/nodes/{nodeId}/drain", "drainNode", "Replace a replica: its successor is ready before it stops", {
    answers: [
      { status: 202, description: "It is being replaced.", schema: wire.Drained },
      { status: 404, description: "There is no such process." },
    ],
  }),
]
