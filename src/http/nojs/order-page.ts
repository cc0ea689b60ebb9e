import type { Context, Hono } from "hono"
import { html } from "hono/html"
import type { Order as StoredOrder } from "../../core/order.ts"
import { parseOrderId } from "../../core/order.ts"
import { isSuccess, type Refusal } from "../../core/outcome.ts"
import type { Order, Sale } from "../../wire/wire.ts"
import { orderToWire } from "../api/mapping.ts"
import { changeOrder, readOrder } from "../api/orders.ts"
import { cookiesForHold, newSession, withCookies } from "../auth/customer-sessions.ts"
import type { Identified } from "../auth/customers.ts"
import type { RequestContext, RequestEnv } from "../context.ts"
import { readText } from "../purchase/body.ts"
import { refusalOf, statusOf } from "../responses.ts"
import { writtenFor } from "./buyer.ts"
import { HTML_TYPE, seeOther, send, sheetOf } from "./page.ts"
import { count, type Html, moment, money, type Reader, readerOf } from "./reader.ts"
import { shownSale } from "./shown-sale.ts"

/** An order's page, which is its receipt, and the forms that confirm or cancel a held one. */
export function orderPages(app: Hono<RequestEnv>, context: RequestContext): void {
  const { authenticator, log, time } = context

  app.get("/orders/:orderId", async c => {
    const orderId = c.req.param("orderId")
    if (!parseOrderId(orderId)) return missing(context, c, "invalid_request")
    const customer = authenticator.customers.visitor(c.req.raw, time.now())
    const order = await readOrder(context, customer, orderId).catch(error => refusalOf(error, log))
    return typeof order === "string" || customer.kind !== "customer"
      ? missing(context, c, typeof order === "string" ? order : "unauthorized")
      : show(context, c, customer, orderToWire(order))
  })
  for (const verb of ["confirm", "cancel"] as const) {
    app.post(`/orders/:orderId/${verb}`, async c => {
      const orderId = c.req.param("orderId")
      if (!parseOrderId(orderId)) return missing(context, c, "invalid_request")
      const written = new URLSearchParams((await readText(c.req.raw)) ?? "").get("customer")
      const customer = authenticator.customers.byForm(c.req.raw, written, time.now())
      const change = changeOrder(context, customer, orderId, verb)
      const outcome = await change.then(answer => answer.outcome).catch(error => refusalOf(error, log))
      if (customer.kind !== "customer") return missing(context, c, "unauthorized")
      // If it was too late, or the outcome is unknown, the order's page shows the order's state.
      if (isSuccess(outcome) || statusOf(outcome) === 409 || statusOf(outcome) === 503) {
        return leadToOrder(context, c, customer, orderId)
      }
      return missing(context, c, outcome)
    })
  }
}

type Customer = Extract<Identified, { kind: "customer" }>

/** Answers a form with the order that it made or found. The order's hold may outlast the session, which is then made longer. */
export async function answerWithOrder(
  context: RequestContext,
  c: Context<RequestEnv>,
  customer: Customer,
  order: Pick<StoredOrder, "id" | "customerId" | "payBefore">,
): Promise<Response> {
  return withCookies(await leadToOrder(context, c, customer, order.id), cookiesForHold(context, c.req.raw, order))
}

/**
 * Leads to the order's page, so that a reload sends no form again. Where the browser sent no cookie of this customer, that page
 * would not know its reader: the order is then the answer itself.
 */
async function leadToOrder(
  context: RequestContext,
  c: Context<RequestEnv>,
  customer: Customer,
  orderId: string,
): Promise<Response> {
  const { authenticator, log, time } = context
  const reader = authenticator.customers.visitor(c.req.raw, time.now())
  if (reader.kind === "customer" && reader.customerId === customer.customerId) {
    return seeOther(context, readerOf(c).path(`/orders/${orderId}`))
  }
  const order = await readOrder(context, customer, orderId).catch(error => refusalOf(error, log))
  if (typeof order === "string") return missing(context, c, order)
  const mayKeep = reader.kind !== "customer" && customer.isAnonymous
  const cookies = mayKeep ? newSession(context, customer.customerId, order.payBefore).cookies : []
  return withCookies(await show(context, c, customer, orderToWire(order)), cookies)
}

async function show(
  context: RequestContext,
  c: Context<RequestEnv>,
  customer: Customer,
  order: Order,
): Promise<Response> {
  const reader = readerOf(c)
  const isFile = c.req.query("download") !== undefined
  const title = `${reader.say.receipt} ${order.id}`
  const written = writtenFor(context, customer)
  const body = receipt(reader, order, shownSale(context, order.saleId), isFile ? undefined : written)
  if (!isFile) return send(context, c, { title, body })
  const text = await sheetOf(reader, { title, body, isFile })
  const name = { "Content-Disposition": `attachment; filename="${order.id}.html"` }
  return context.responses.text(text, HTML_TYPE, name)
}

/** A page instead of an order. It is the same for another customer's order and for one that does not exist. */
function missing(context: RequestContext, c: Context<RequestEnv>, code: Refusal): Promise<Response> {
  const { noOrder, fault } = readerOf(c).say
  const isMissing = code === "unauthorized" || code === "order_unknown" || code === "invalid_request"
  const body = html`<h1>${isMissing ? noOrder : fault}</h1>`
  return send(context, c, { title: "Doorbuster", body, status: isMissing ? 404 : statusOf(code) })
}

function receipt(reader: Reader, order: Order, sale: Sale | undefined, written?: string): Html {
  const { say } = reader
  const { quantity, unitPrice } = order
  const total = money({ ...unitPrice, amount: unitPrice.amount * quantity }, reader)
  const item = sale?.items.find(({ sku }) => sku === order.sku)?.name ?? order.sku
  const rows: [string, Html | string][] = [
    [say.order, html`<code>${order.id}</code>`],
    [say.item, sale && sale.name !== item ? `${sale.name}, ${item}` : item],
    [say.quantity, count(quantity, reader)],
    [say.total, total],
    [say.boughtAt, moment(order.createdAt, reader)],
  ]
  if (order.state === "held" && order.payBefore) rows.push([say.keepUntil, moment(order.payBefore, reader)])
  return html`<h1>${say.receipt}</h1>
<div class="card">
${headline(reader, order)}
<dl>
${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>\n`)}</dl>
</div>
${written && actions(reader, order, written)}`
}

function headline({ say }: Reader, { state, releaseReason }: Order): Html {
  if (state === "confirmed") return html`<p class="big yes">${say.yours}</p>`
  if (state === "held") return html`<p class="big wait">${say.held}</p>`
  return html`<p class="big">${releaseReason === "expired" ? say.expired : say.released}</p>`
}

/** `written`: the customer, for the forms' hidden field. A file has no forms. */
function actions(reader: Reader, { id, saleId, state }: Order, written: string): Html {
  const { say } = reader
  const form = (verb: string, label: string, style: string) =>
    html`<form method="post" action="${reader.path(`/orders/${id}/${verb}`)}"><input type="hidden" name="customer" value="${written}"><button class="${style}">${label}</button></form>`
  return html`${state === "held" && html`<div class="pair">${form("confirm", say.confirm, "")}${form("cancel", say.giveBack, "second")}</div>`}
${state === "confirmed" && html`<button class="second" data-print hidden>${say.print}</button>`}
<p class="links">
${state === "confirmed" && html`<a href="${reader.path(`/orders/${id}?download`)}" download="${id}.html">${say.download}</a>`}
<a href="${reader.path(`/sales/${saleId}`)}">${say.back}</a>
</p>`
}
