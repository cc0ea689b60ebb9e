import type { Context, Hono } from "hono"
import { html } from "hono/html"
import type { Answer, Reserve } from "../../core/command.ts"
import { isSuccess, type Refusal } from "../../core/outcome.ts"
import { frontPage } from "../../wire/front-page.ts"
import { PurchaseRequest, type Sale } from "../../wire/wire.ts"
import { saleToWire } from "../api/mapping.ts"
import { withCookies } from "../auth/customer-sessions.ts"
import type { Identified } from "../auth/customers.ts"
import type { RequestContext, RequestEnv } from "../context.ts"
import { OVERLOADED } from "../purchase/batcher.ts"
import { readText, validate } from "../purchase/body.ts"
import { attempt, keyIn, Measurement, reserveOf } from "../purchase/purchase.ts"
import { statusOf } from "../responses.ts"
import { type Buyer, buyerOf, writtenFor } from "./buyer.ts"
import { type FormMessage, saleForm } from "./form.ts"
import { answerWithOrder } from "./order-page.ts"
import { send } from "./page.ts"
import { readerOf } from "./reader.ts"
import { shownSale } from "./shown-sale.ts"
import type { PageTexts } from "./words.ts"

/** A page is not told to reload itself later than this: by then it is closed. */
const REFRESH_MAX_SECONDS = 86_400

/** The front page and each sale's page, with the form that buys. Without `?plain` the launch page takes their place. */
export function salePages(app: Hono<RequestEnv>, context: RequestContext): void {
  app.get("/", (c, next) => (c.req.query("plain") === undefined ? next() : showFront(context, c)))
  app.get("/sales/:saleId", (c, next) => {
    const sale = c.req.query("plain") === undefined ? undefined : shownSale(context, c.req.param("saleId"))
    return sale ? show(context, c, sale) : next()
  })
  app.post("/sales/:saleId/buy", c => buy(context, c, c.req.param("saleId")))
}

function showFront(context: RequestContext, c: Context<RequestEnv>): Promise<Response> {
  const { saleCache, time } = context
  const now = time.now()
  const sales = saleCache.sales().map(sale => saleToWire(sale, now, saleCache.soldOutAt(sale.id)))
  const [first, ...others] = frontPage(sales)
  if (first) return show(context, c, first, { others })
  const body = html`<h1>${readerOf(c).say.nothing}</h1>`
  return send(context, c, { title: "Doorbuster", body, headers: { Refresh: "15" } })
}

interface Showing {
  message?: FormMessage
  key?: string
  status?: number
  others?: readonly Sale[]
  /** For whom the form was made that the page answers. */
  buyer?: Buyer
}

async function show(
  context: RequestContext,
  c: Context<RequestEnv>,
  sale: Sale,
  { message, key = context.random.key(), status = 200, others = [], buyer = buyerOf(context, c) }: Showing = {},
): Promise<Response> {
  const reader = readerOf(c)
  const links =
    others.length > 0 &&
    html`<h2>${reader.say.others}</h2>
<p class="links">${others.map(({ id, name }) => html`<a href="${reader.path(`/sales/${id}?plain`)}">${name}</a> `)}</p>`
  const page = await send(context, c, {
    title: sale.name,
    body: html`${saleForm(reader, sale, { key, customer: buyer.written }, message)}${links}`,
    status,
    headers: refreshAtOpening(sale, context.time.now()),
  })
  return withCookies(page, buyer.cookies)
}

function refreshAtOpening(sale: Sale, now: number): Record<string, string> {
  const seconds = Math.ceil((Date.parse(sale.opensAt) - now) / 1000)
  return sale.state === "scheduled" && seconds <= REFRESH_MAX_SECONDS ? { Refresh: String(Math.max(1, seconds)) } : {}
}

/** The steps of `purchase`, for a form: its answer is a page, or leads to the order's page. */
async function buy(context: RequestContext, c: Context<RequestEnv>, saleId: string): Promise<Response> {
  if (!context.saleCache.sale(saleId)) return context.responses.notFound()
  const request = c.req.raw
  const arrivedAt = context.arrivals.of(request.headers)
  const measurement = new Measurement(context, request, saleId)
  const form = new URLSearchParams((await readText(request)) ?? "")
  const key = form.get("key") || context.random.key()
  const customer = context.authenticator.customers.byForm(request, form.get("customer"), context.time.now())
  const answer = await answerTo(context, readForm(context, customer, saleId, form, key, arrivedAt), measurement)
  const { outcome, order } = answer
  if (order && customer.kind === "customer" && (isSuccess(outcome) || outcome === "limit_reached")) {
    const response = await answerWithOrder(context, c, customer, order)
    measurement.end(answer, response.status)
    return response
  }
  const code = outcome as Refusal
  measurement.end(answer, statusOf(code))
  const sale = shownSale(context, saleId)
  if (!sale) return context.responses.notFound()
  const isSpoilt = code === "key_reused" || code === "invalid_request"
  const message = messageOf(readerOf(c).say, code)
  return show(context, c, sale, {
    message,
    key: isSpoilt ? context.random.key() : key,
    status: statusOf(code),
    // The same form again, for the same customer.
    ...(customer.kind === "customer" && { buyer: { written: writtenFor(context, customer), cookies: [] } }),
  })
}

async function answerTo(
  context: RequestContext,
  reserve: Reserve | Refusal,
  measurement: Measurement,
): Promise<Answer> {
  if (typeof reserve === "string") return { outcome: reserve }
  measurement.asks(reserve)
  const { customerId, key } = reserve
  if (!context.saleCache.mayRefuse(reserve.saleId) && context.batcher.refuses(customerId, key)) return OVERLOADED
  return attempt(context, reserve)
}

/** What the form asks for. Forms of other sites can be sent here too, but they lack the right `Origin`. */
function readForm(
  context: RequestContext,
  customer: Identified,
  saleId: string,
  form: URLSearchParams,
  formKey: string,
  arrivedAt: number,
): Reserve | Refusal {
  const body = validate({ sku: form.get("sku") ?? "" }, PurchaseRequest)
  const key = keyIn(formKey)
  if (!body.ok || key === undefined) return "invalid_request"
  return customer.kind === "customer"
    ? reserveOf(context, saleId, body.value, customer.customerId, key, arrivedAt)
    : "unauthorized"
}

function messageOf(say: PageTexts, code: Refusal): FormMessage {
  const texts: { [Code in Refusal]?: string } = {
    outcome_unknown: say.checking,
    overloaded: say.busy,
    rate_limited: say.busy,
    reconciling: say.gate,
    sold_out: say.soldOut,
    all_held: say.allHeld,
    limit_reached: say.limitReached,
    sale_paused: say.paused,
    sale_closed: say.closed,
    sale_not_open: say.notOpen,
    unauthorized: say.stranger,
  }
  return { text: texts[code] ?? say.fault, isUnknown: code === "outcome_unknown" }
}
