import { money, savingPercent } from "../../common/format.ts"
import { language } from "../../common/language.tsx"
import { serverTime } from "../../common/time.ts"
import { timeWithDate } from "../data/durations.ts"
import { words } from "../words/words.ts"
import { minorOf, type SaleDraft } from "./sale-draft.ts"

/** A preview of the buyers' page: the name, the first item's price, the opening time and the button. */
export function Preview({ draft }: { draft: SaleDraft }) {
  const say = words.value
  const { currency } = draft
  const item = draft.items[0]
  const amount = minorOf(item?.price ?? "", currency)
  const listAmount = minorOf(item?.listPrice ?? "", currency)
  const price = amount === undefined ? undefined : { amount, currency }
  const listPrice = listAmount === undefined ? undefined : { amount: listAmount, currency }
  const saving = price && savingPercent(price, listPrice)
  const opensAt = Date.parse(draft.opensAt)
  const isOpen = opensAt <= serverTime()
  const costOf = (text: string) => {
    const minor = minorOf(text, currency)
    return minor === undefined ? "–" : money({ amount: minor, currency }, language.value)
  }
  const cost = costOf(item?.price ?? "")
  return (
    <figure class="preview" aria-label={say.preview}>
      <figcaption class="soft">{say.preview}</figcaption>
      <div class="preview-page">
        <p class="preview-name">{draft.name.trim() || say.saleName}</p>
        <p class="preview-text">{draft.description}</p>
        <p class="preview-price">
          {cost} {listPrice && saving ? <s>{money(listPrice, language.value)}</s> : null}{" "}
          {saving ? <span>−{saving} %</span> : null}
        </p>
        <p class="preview-button">
          {isOpen
            ? say.previewBuy(cost)
            : say.opens(Number.isNaN(opensAt) ? "–" : timeWithDate(opensAt, language.value))}
        </p>
        <p class="preview-text">
          {say.limit(Number(draft.limitPerCustomer) || 1)} · {say.previewUnits(item?.total.trim() || "0")}
        </p>
        {draft.items.length > 1 && (
          <ul class="preview-choice">
            {draft.items.map((one, index) => (
              <li key={index}>
                {one.name || say.itemNumber(index + 1)}: {costOf(one.price)}
              </li>
            ))}
          </ul>
        )}
      </div>
    </figure>
  )
}
