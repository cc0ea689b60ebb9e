import { money, savingPercent } from "../../common/format.ts"
import { language } from "../../common/language.ts"
import { currentItem } from "../state/state.ts"
import { words } from "../words/words.ts"

export function Price() {
  const say = words.value
  const { price, listPrice } = currentItem()
  const saving = savingPercent(price, listPrice)
  return (
    <p class="price">
      <span class="hidden">{say.price}: </span>
      <strong>{money(price, language.value)}</strong>
      {listPrice && saving > 0 && (
        <span class="was">
          <span class="hidden">{say.listPrice}: </span>
          <s>{money(listPrice, language.value)}</s>
          <em>{say.save(saving)}</em>
        </span>
      )}
    </p>
  )
}
