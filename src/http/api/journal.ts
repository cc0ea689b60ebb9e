import { createdSeq } from "../../core/order.ts"
import * as wire from "../../wire/wire.ts"
import type { RequestContext } from "../context.ts"
import { factToWire, orderToWire } from "./mapping.ts"
import { ordersCsv } from "./orders-csv.ts"
import { adminRoute, malformed, unknownSale } from "./route.ts"

/** A sale's orders and facts, page by page or as a file, and the audit that compares them. */
export const journalRoutes = [
  adminRoute(
    {
      method: "get",
      path: "/sales/:saleId/orders",
      operationId: "listOrders",
      summary: "Orders, in order of creation",
      query: wire.PageQuery,
      answers: [{ status: 200, description: "A page.", schema: wire.OrderPage }, malformed, unknownSale],
    },
    async (context, c, { query: { after, limit } }) => {
      const saleId = await existingSale(context, c.req.param("saleId"))
      if (saleId instanceof Response) return saleId
      const { inventory, responses } = context
      const orders = await inventory.orders(saleId, after, limit)
      const last = orders.length === limit ? orders.at(-1) : undefined
      return responses.json({ orders: orders.map(orderToWire), ...(last && { next: createdSeq(last) }) })
    },
  ),
  adminRoute(
    {
      method: "get",
      path: "/sales/:saleId/orders.csv",
      operationId: "exportOrders",
      summary: "Every order as CSV",
      description:
        "`amount` and `totalAmount` are in minor units. An id that a spreadsheet would change begins with an apostrophe.",
      logbook: "answer",
      answers: [{ status: 200, description: "CSV.", type: "text/csv" }, malformed, unknownSale],
    },
    async (context, c) => {
      const saleId = await existingSale(context, c.req.param("saleId"))
      if (saleId instanceof Response) return saleId
      const { inventory, responses } = context
      const name = `attachment; filename="${saleId}-orders.csv"`
      return responses.stream(ordersCsv(inventory, saleId), "text/csv; charset=utf-8", { "Content-Disposition": name })
    },
  ),
  adminRoute(
    {
      method: "get",
      path: "/sales/:saleId/facts",
      operationId: "listFacts",
      summary: "The journal: every transition, in order",
      query: wire.PageQuery,
      answers: [{ status: 200, description: "A page.", schema: wire.FactPage }, malformed, unknownSale],
    },
    async (context, c, { query: { after, limit } }) => {
      const saleId = await existingSale(context, c.req.param("saleId"))
      if (saleId instanceof Response) return saleId
      const { inventory, responses } = context
      const facts = await inventory.facts(saleId, after, limit)
      const last = facts.length === limit ? facts.at(-1) : undefined
      return responses.json({ facts: facts.map(factToWire), ...(last && { next: last.seq }) })
    },
  ),
  adminRoute(
    {
      method: "get",
      path: "/sales/:saleId/seals",
      operationId: "listSeals",
      summary: "The sealed pages of facts, one at a time, to compare the journal with",
      query: wire.SealQuery,
      answers: [{ status: 200, description: "A page.", schema: wire.SealList }, malformed, unknownSale],
    },
    async (context, c, { query: { after } }) => {
      const saleId = await existingSale(context, c.req.param("saleId"))
      if (saleId instanceof Response) return saleId
      const { seals, responses } = context
      const page = await seals.pageAfter(saleId, after)
      return responses.json(page ? { pages: [page], next: page.lastSeq } : { pages: [] })
    },
  ),
  adminRoute(
    {
      method: "get",
      path: "/sales/:saleId/audit",
      operationId: "auditSale",
      summary: "Prove or refute the promises for a sale",
      logbook: "answer",
      answers: [{ status: 200, description: "Every check.", schema: wire.AuditReport }, malformed, unknownSale],
    },
    async ({ audit, responses }, c) => {
      const report = await audit(c.req.param("saleId"))
      return report ? responses.json(report) : responses.refusal("sale_unknown")
    },
  ),
]

/** The id of a sale that exists, or the refusal. A new sale may not be in this replica's cache yet. */
async function existingSale(context: RequestContext, saleId: string): Promise<string | Response> {
  const { saleCache, inventory, responses } = context
  const exists = saleCache.sale(saleId) !== undefined || (await inventory.sales()).some(({ id }) => id === saleId)
  return exists ? saleId : responses.refusal("sale_unknown")
}
