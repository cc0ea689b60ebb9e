import type { Context, Hono } from "hono"
import type { Order } from "../../wire/wire.ts"
import { saleToWire } from "../api/mapping.ts"
import type { Door, Env } from "../context.ts"
import { html } from "./html.ts"
import { sheet } from "./layout.ts"
import { readerOf } from "./reader.ts"
import { receipt } from "./receipt.ts"
import { asApi, seeOther, send } from "./send.ts"
import { wordsIn } from "./words.ts"

export function orderPages(app: Hono<Env>, door: Door): void {
  const api = (c: Context<Env>, method: string, verb = "") =>
    app.fetch(asApi(c.req.raw, `/api/v1/orders/${c.req.param("orderId")}${verb}`, method), c.env)

  app.get("/orders/:orderId", async c => {
    const answer = await api(c, "GET")
    if (!answer.ok) return missing(door, c, answer.status)
    return show(door, c, (await answer.json()) as Order)
  })
  for (const verb of ["confirm", "cancel"]) {
    app.post(`/orders/:orderId/${verb}`, async c => {
      const answer = await api(c, "POST", `/${verb}`)
      // Too late, or not known: the order itself says what it has become.
      if (answer.ok || answer.status === 409 || answer.status === 503) {
        return seeOther(door, readerOf(c).path(`/orders/${c.req.param("orderId")}`))
      }
      return missing(door, c, answer.status)
    })
  }
}

function show(door: Door, c: Context<Env>, order: Order): Response {
  const reader = readerOf(c)
  const known = door.board.sale(order.saleId)
  const alone = c.req.query("download") !== undefined
  const title = `${wordsIn(reader.lang).receipt} ${order.id}`
  const body = receipt(reader, order, known && saleToWire(known, Date.now()), alone)
  if (!alone) return send(door, c, { title, body })
  const name = { "Content-Disposition": `attachment; filename="${order.id}.html"` }
  return door.replies.text(sheet(reader, { title, body, alone }), "text/html; charset=utf-8", name)
}

/** Somebody else's order is as unknown as one that does not exist. */
function missing(door: Door, c: Context<Env>, status: number): Response {
  const { noOrder, fault } = wordsIn(readerOf(c).lang)
  const gone = status === 401 || status === 404 || status === 400
  return send(door, c, {
    title: "Doorbuster",
    body: html`<h1>${gone ? noOrder : fault}</h1>`,
    status: gone ? 404 : status,
  })
}
