import type { Context, Hono } from "hono"
import type { Order } from "../../wire/wire.ts"
import { saleToWire } from "../api/mapping.ts"
import type { Env, RequestContext } from "../context.ts"
import { html } from "./html.ts"
import { sheet } from "./layout.ts"
import { readerOf } from "./reader.ts"
import { receipt } from "./receipt.ts"
import { asApi, seeOther, send } from "./send.ts"
import { wordsIn } from "./words.ts"

export function orderPages(app: Hono<Env>, context: RequestContext): void {
  const api = (c: Context<Env>, method: string, verb = "") =>
    app.fetch(asApi(c.req.raw, `/api/v1/orders/${c.req.param("orderId")}${verb}`, method), c.env)

  app.get("/orders/:orderId", async c => {
    const answer = await api(c, "GET")
    if (!answer.ok) return missing(context, c, answer.status)
    return show(context, c, (await answer.json()) as Order)
  })
  for (const verb of ["confirm", "cancel"]) {
    app.post(`/orders/:orderId/${verb}`, async c => {
      const answer = await api(c, "POST", `/${verb}`)
      // Too late, or not known: the order itself says what it has become.
      if (answer.ok || answer.status === 409 || answer.status === 503) {
        return seeOther(context, readerOf(c).path(`/orders/${c.req.param("orderId")}`))
      }
      return missing(context, c, answer.status)
    })
  }
}

function show(context: RequestContext, c: Context<Env>, order: Order): Response {
  const reader = readerOf(c)
  const known = context.saleCache.sale(order.saleId)
  const alone = c.req.query("download") !== undefined
  const title = `${wordsIn(reader.lang).receipt} ${order.id}`
  const body = receipt(reader, order, known && saleToWire(known, Date.now()), alone)
  if (!alone) return send(context, c, { title, body })
  const name = { "Content-Disposition": `attachment; filename="${order.id}.html"` }
  return context.responses.text(sheet(reader, { title, body, alone }), "text/html; charset=utf-8", name)
}

/** Somebody else's order is as unknown as one that does not exist. */
function missing(context: RequestContext, c: Context<Env>, status: number): Response {
  const { noOrder, fault } = wordsIn(readerOf(c).lang)
  const gone = status === 401 || status === 404 || status === 400
  return send(context, c, {
    title: "Doorbuster",
    body: html`<h1>${gone ? noOrder : fault}</h1>`,
    status: gone ? 404 : status,
  })
}
