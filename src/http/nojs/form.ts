import { html } from "hono/html"
import type { Item, Sale } from "../../wire/wire.ts"
import { count, type Html, moment, money, type Reader } from "./reader.ts"
import type { PageTexts } from "./words.ts"

/** The result of the last attempt, if it made no order. */
export interface FormMessage {
  text: string
  /** The outcome is unknown, so the same form asks again. */
  isUnknown: boolean
}

/** What makes it harmless to send a form again: the same key of the same customer is the same order. */
export interface FormNames {
  key: string
  /** A signed customer id. Undefined if this reader cannot buy without signing in at the shop. */
  customer: string | undefined
}

/** One sale, and the form that buys from it. */
export function saleForm(reader: Reader, sale: Sale, names: FormNames, message?: FormMessage): Html {
  const only = sale.items.length === 1 ? sale.items[0] : undefined
  return html`<h1>${sale.name}</h1>
${sale.description && html`<p class="soft">${sale.description}</p>`}
${only && price(reader, only)}
${message && html`<p class="card big wait" role="status">${message.text}</p>`}
${message?.isUnknown || isBuyable(sale) ? purchaseForm(reader, sale, names, message) : reason(reader, sale)}
${isOver(sale) && html`<p class="links"><a href="${reader.path(`/sales/${sale.id}/proof`)}">${reader.say.proof}</a></p>`}`
}

function isSoldOut({ items }: Sale): boolean {
  return items.every(item => item.free + item.held === 0)
}

function isOver(sale: Sale): boolean {
  return sale.state === "closed" || isSoldOut(sale)
}

function isBuyable({ state, items }: Sale): boolean {
  return state === "open" && items.some(item => item.free > 0)
}

function price(reader: Reader, { price, listPrice, free, total }: Item): Html {
  const isReduced = listPrice && listPrice.amount > price.amount
  return html`<p class="price">${money(price, reader)} ${isReduced && html`<s>${money(listPrice, reader)}</s>`}</p>
<p class="soft">${reader.say.left(count(free, reader), count(total, reader))}</p>`
}

function purchaseForm(reader: Reader, sale: Sale, { key, customer }: FormNames, message?: FormMessage): Html {
  const { say } = reader
  if (customer === undefined) return html`<p class="card big">${say.signIn}</p>`
  const [only, ...others] = sale.items
  const hasChoice = only === undefined || others.length > 0
  const label = hasChoice ? say.buyChosen : say.buy(money(only.price, reader))
  return html`<form method="post" action="${reader.path(`/sales/${sale.id}/buy`)}">
<input type="hidden" name="key" value="${key}">
<input type="hidden" name="customer" value="${customer}">
${hasChoice ? choice(reader, sale.items) : html`<input type="hidden" name="sku" value="${only.sku}">`}
<button>${message?.isUnknown ? say.askAgain : label}</button>
</form>
<p class="soft">${say.safe}</p>`
}

function choice(reader: Reader, items: readonly Item[]): Html {
  const { say } = reader
  const chosen = items.find(item => item.free > 0)
  return html`<fieldset><legend class="soft">${say.choose}</legend>
${items.map(
  item => html`<label><input type="radio" name="sku" value="${item.sku}" required
  ${item === chosen && html`checked`}${item.free === 0 && html`disabled`}>
<span>${item.name}</span> <span class="soft">${item.free === 0 ? say.soldOut : money(item.price, reader)}</span></label>`,
)}
</fieldset>`
}

/** Why nothing can be bought now. */
function reason(reader: Reader, sale: Sale): Html {
  const { say } = reader
  if (sale.state !== "scheduled") return html`<p class="card big">${reasonOf(say, sale)}</p>`
  return html`<div class="card"><p class="big">${say.opensAt} ${moment(sale.opensAt, reader)}</p>
<p>${say.opensItself}</p>
<p class="links"><a href="/sales/${sale.id}/calendar.ics">${say.calendar}</a></p></div>`
}

function reasonOf(say: PageTexts, sale: Sale): string {
  if (isSoldOut(sale)) return say.soldOut
  if (sale.state === "open") return say.allHeld
  return sale.state === "paused" ? say.paused : say.closed
}
