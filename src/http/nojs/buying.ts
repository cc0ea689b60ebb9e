import type { Context, Hono } from "hono"
import type { Sale as Known } from "../../core/sale.ts"
import { newKey } from "../../runtime/random.ts"
import type { Order, Problem, Sale } from "../../wire/wire.ts"
import { saleToWire } from "../api/mapping.ts"
import { newSession } from "../auth/sessions.ts"
import type { Env, RequestContext } from "../context.ts"
import { readText } from "../purchase/body.ts"
import { purchase } from "../purchase/purchase.ts"
import { saleForm, type Told } from "./form.ts"
import { html } from "./html.ts"
import { readerOf } from "./reader.ts"
import { asApi, seeOther, send } from "./send.ts"
import { type Words, wordsIn } from "./words.ts"

/** Longer than this nobody waits on an open page. */
const REFRESH_MAX_SECONDS = 86_400

export function buyRoutes(app: Hono<Env>, context: RequestContext): void {
  app.get("/", (c, next) => (c.req.query("plain") === undefined ? next() : front(context, c)))
  app.get("/sales/:saleId", (c, next) => {
    const sale = c.req.query("plain") !== undefined && context.saleCache.sale(c.req.param("saleId"))
    return sale ? show(context, c, sale) : next()
  })
  app.post("/sales/:saleId/buy", c => buy(context, c))
}

/** The sale that is open, else the next to open. */
function front(context: RequestContext, c: Context<Env>): Response {
  const now = Date.now()
  const order = { open: 0, paused: 1, scheduled: 2, closed: 3 }
  const rank = (sale: Known) => order[saleToWire(sale, now).state]
  const [first, ...more] = context.saleCache.sales().sort((a, b) => rank(a) - rank(b) || a.opensAt - b.opensAt)
  if (first) return show(context, c, first, { more })
  const { nothing } = wordsIn(readerOf(c).lang)
  return send(context, c, { title: "Doorbuster", body: html`<h1>${nothing}</h1>`, headers: { Refresh: "15" } })
}

interface Showing {
  told?: Told
  key?: string
  status?: number
  more?: readonly Known[]
}

function show(
  context: RequestContext,
  c: Context<Env>,
  known: Known,
  { told, key = newKey(), status, more = [] }: Showing = {},
) {
  const now = Date.now()
  const reader = readerOf(c)
  const sale = saleToWire(known, now, context.saleCache.soldOutAt(known.id))
  const say = wordsIn(reader.lang)
  const others =
    more.length > 0 &&
    html`<h2>${say.others}</h2>
<p class="links">${more.map(({ id, name }) => html`<a href="${reader.path(`/sales/${id}?plain`)}">${name}</a> `)}</p>`
  return send(context, c, {
    title: sale.name,
    body: html`${saleForm(reader, sale, key, told)}${others}`,
    status,
    headers: { ...visitor(context, c), ...untilOpening(sale, now) },
  })
}

/** The form is for somebody: whoever is nobody yet becomes an anonymous buyer, as with the first script's request. */
function visitor({ authenticator }: RequestContext, c: Context<Env>): Record<string, string> {
  // A cookie on a form's own request is judged by its origin as well; here the question is only whether there is one.
  const principal = authenticator.authenticate(asApi(c.req.raw, "/", "GET"), Date.now())
  return principal.kind === "customer" ? {} : { "Set-Cookie": newSession(authenticator.tokens, c.req.raw).cookie }
}

function untilOpening(sale: Sale, now: number): Record<string, string> {
  const seconds = Math.ceil((Date.parse(sale.opensAt) - now) / 1000)
  return sale.state === "scheduled" && seconds <= REFRESH_MAX_SECONDS ? { Refresh: String(Math.max(1, seconds)) } : {}
}

async function buy(context: RequestContext, c: Context<Env>): Promise<Response> {
  const request = c.req.raw
  const known = context.saleCache.sale(c.req.param("saleId")!)
  if (!known) return context.responses.notFound()
  // Forms of other sites can be sent here: what they lack is our origin, which the purchase looks for.
  const form = new URLSearchParams((await readText(request)) ?? "")
  const key = form.get("key") || newKey()
  const body = JSON.stringify({ sku: form.get("sku") ?? "" })
  const headers = { "content-type": "application/json", "idempotency-key": key }
  const answer = await ask(() =>
    purchase(context, asApi(request, `/api/v1/sales/${known.id}/orders`, "POST", headers, body), known.id),
  )
  const reader = readerOf(c)
  if (answer?.ok) return seeOther(context, reader.path(`/orders/${((await answer.json()) as Order).id}`))
  const problem = answer && ((await answer.json()) as Problem)
  if (problem?.code === "limit_reached" && problem.orderId)
    return seeOther(context, reader.path(`/orders/${problem.orderId}`))
  const told = toldOf(wordsIn(reader.lang), problem?.code)
  const kept = problem?.code === "key_reused" || problem?.code === "invalid_request" ? newKey() : key
  return show(context, c, known, { told, key: kept, status: answer?.status ?? 503 })
}

/** Nothing, where nobody knows what became of it. */
async function ask(purchasing: () => Promise<Response>): Promise<Response | undefined> {
  try {
    return await purchasing()
  } catch {
    return undefined
  }
}

function toldOf(say: Words, code = "outcome_unknown"): Told {
  const sentences: Record<string, string> = {
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
  const unknown = code === "outcome_unknown"
  return { text: sentences[code] ?? say.fault, unknown }
}
