import type { Sale } from "../../../wire/wire.ts"
import { dayAndTime, money } from "../../common/format.ts"
import { language, withLanguage } from "../../common/language.tsx"
import { isGone, sale, sales } from "../state/state.ts"
import { words } from "../words/words.ts"

/** All other sales in the order of the front page, sold out ones last. */
export function Others() {
  const others = sales.value
    .filter(one => one.id !== sale.value?.id)
    .toSorted((a, b) => Number(isGone(a)) - Number(isGone(b)))
  if (others.length === 0) return null
  return (
    <section class="others" aria-labelledby="others">
      <h2 id="others">{words.value.others}</h2>
      <ul>
        {others.map(one => (
          <li key={one.id}>
            <a href={withLanguage(`/sales/${one.id}`)}>
              <span>
                {one.name}
                <small class="from">{priceOf(one)}</small>
              </span>
              <small data-state={one.state}>{statusOf(one)}</small>
            </a>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** The price of the cheapest item, with "from" if another one costs more. */
function priceOf({ items }: Sale): string {
  const [cheapest, ...more] = items.toSorted((a, b) => a.price.amount - b.price.amount)
  if (!cheapest) return ""
  const price = money(cheapest.price, language.value)
  return more.some(({ price }) => price.amount > cheapest.price.amount) ? words.value.from(price) : price
}

function statusOf(one: Sale): string {
  const say = words.value
  const { state, opensAt } = one
  if (isGone(one)) return say.soldOutTag
  if (state === "scheduled") return dayAndTime(Date.parse(opensAt), language.value)
  return { open: say.live, paused: say.pausedTag, closed: say.closedTag }[state]
}
