import type { Item, Sale } from "../../wire/wire.ts"
import { count, moment, money } from "./figures.ts"
import { type Html, html } from "./html.ts"
import type { Reader } from "./reader.ts"
import { type Words, wordsIn } from "./words.ts"

/** What came of the last press, if it was not an order. `unknown`: the same form asks again. */
export interface Told {
  text: string
  unknown: boolean
}

/** One sale, and the form that buys from it. The key makes sending it again harmless. */
export function saleForm(reader: Reader, sale: Sale, key: string, told?: Told): Html {
  const only = sale.items.length === 1 ? sale.items[0] : undefined
  return html`<h1>${sale.name}</h1>
${sale.description && html`<p class="soft">${sale.description}</p>`}
${only && price(reader, only)}
${told && html`<p class="card big wait" role="status">${told.text}</p>`}
${told?.unknown || isOpen(sale) ? buying(reader, sale, key, told) : standing(reader, sale)}
${isOver(sale) && html`<p class="links"><a href="${reader.path(`/sales/${sale.id}/proof`)}">${wordsIn(reader.lang).proof}</a></p>`}`
}

function isOver({ state, items }: Sale): boolean {
  return state === "closed" || items.every(item => item.free + item.held === 0)
}

function isOpen({ state, items }: Sale): boolean {
  return state === "open" && items.some(item => item.free > 0)
}

function price(reader: Reader, { price, listPrice, free, total }: Item): Html {
  const say = wordsIn(reader.lang)
  const was = listPrice && listPrice.amount > price.amount
  return html`<p class="price">${money(price, reader)} ${was && html`<s>${money(listPrice, reader)}</s>`}</p>
<p class="soft">${say.left(count(free, reader), count(total, reader))}</p>`
}

function buying(reader: Reader, sale: Sale, key: string, told?: Told): Html {
  const say = wordsIn(reader.lang)
  const [first, ...more] = sale.items
  const label = more.length > 0 ? say.buyChosen : say.buy(money(first!.price, reader))
  return html`<form method="post" action="${reader.path(`/sales/${sale.id}/buy`)}">
<input type="hidden" name="key" value="${key}">
${more.length > 0 ? choice(reader, sale.items) : html`<input type="hidden" name="sku" value="${first!.sku}">`}
<button>${told?.unknown ? say.askAgain : label}</button>
</form>
<p class="soft">${say.safe}</p>`
}

function choice(reader: Reader, items: readonly Item[]): Html {
  const say = wordsIn(reader.lang)
  const chosen = items.find(item => item.free > 0)
  return html`<fieldset><legend class="soft">${say.choose}</legend>
${items.map(
  item => html`<label><input type="radio" name="sku" value="${item.sku}" required
  ${item === chosen && html`checked`}${item.free === 0 && html`disabled`}>
<span>${item.name}</span> <span class="soft">${item.free === 0 ? say.soldOut : money(item.price, reader)}</span></label>`,
)}
</fieldset>`
}

function standing(reader: Reader, sale: Sale): Html {
  const say = wordsIn(reader.lang)
  if (sale.state !== "scheduled") return html`<p class="card big">${reasonOf(say, sale)}</p>`
  return html`<div class="card"><p class="big">${say.opensAt} ${moment(sale.opensAt, reader)}</p>
<p>${say.opensItself}</p>
<p class="links"><a href="/sales/${sale.id}/calendar.ics">${say.calendar}</a></p></div>`
}

function reasonOf(say: Words, { state, items }: Sale): string {
  if (items.every(item => item.free + item.held === 0)) return say.soldOut
  if (state === "open") return say.allHeld
  return state === "paused" ? say.paused : say.closed
}
