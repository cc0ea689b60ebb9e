import type { Order, Sale } from "../../wire/wire.ts"
import { count, moment, money } from "./figures.ts"
import { type Html, html } from "./html.ts"
import type { Reader } from "./reader.ts"
import { wordsIn } from "./words.ts"

/** An order to keep: to print, to download, and while it is held, to decide on. */
export function receipt(reader: Reader, order: Order, sale: Sale | undefined, alone: boolean): Html {
  const say = wordsIn(reader.lang)
  const { quantity, unitPrice } = order
  const total = money({ ...unitPrice, amount: unitPrice.amount * quantity }, reader)
  const item = sale?.items.find(({ sku }) => sku === order.sku)?.name ?? order.sku
  const rows: [string, Html | string][] = [
    [say.order, html`<code>${order.id}</code>`],
    [say.item, sale && sale.name !== item ? `${sale.name}, ${item}` : item],
    [say.quantity, count(quantity, reader)],
    [say.total, total],
    [say.boughtAt, moment(order.createdAt, reader)],
    ...(order.state === "held" ? [[say.keepUntil, moment(order.payBefore!, reader)] as [string, Html]] : []),
  ]
  return html`<h1>${say.receipt}</h1>
<div class="card">
${headline(reader, order)}
<dl>
${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>\n`)}</dl>
</div>
${!alone && actions(reader, order)}`
}

function headline(reader: Reader, { state, releaseReason }: Order): Html {
  const say = wordsIn(reader.lang)
  if (state === "confirmed") return html`<p class="big yes">${say.yours}</p>`
  if (state === "held") return html`<p class="big wait">${say.held}</p>`
  return html`<p class="big">${releaseReason === "expired" ? say.expired : say.released}</p>`
}

function actions(reader: Reader, { id, saleId, state }: Order): Html {
  const say = wordsIn(reader.lang)
  const decide = (verb: string, label: string, style: string) =>
    html`<form method="post" action="${reader.path(`/orders/${id}/${verb}`)}"><button class="${style}">${label}</button></form>`
  return html`${state === "held" && html`<div class="pair">${decide("confirm", say.confirm, "")}${decide("cancel", say.giveBack, "second")}</div>`}
${state === "confirmed" && html`<button class="second" data-print hidden>${say.print}</button>`}
<p class="links">
${state === "confirmed" && html`<a href="${reader.path(`/orders/${id}?download`)}" download="${id}.html">${say.download}</a>`}
<a href="${reader.path(`/sales/${saleId}`)}">${say.back}</a>
</p>`
}
