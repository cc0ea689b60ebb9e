import { useComputed } from "@preact/signals"
import { count, money, savingPercent } from "../../common/format.ts"
import { language } from "../../common/language.tsx"
import { choices, choose, isValueSoldOut } from "../product/finish.ts"
import { choiceLocked, currentItem, stale } from "../state/state.ts"
import { words } from "../words/words.ts"
import { dotsOf, unitsPerDot } from "./stock-dots.ts"

/** Radio buttons for what the items differ in besides the finish: storage, for example. */
export function Choice() {
  const say = words.value
  return choices.value.map(({ axis, values, chosen }) => (
    <fieldset class="choice" key={axis} disabled={choiceLocked.value}>
      <legend>{say.choose}</legend>
      {values.map(value => (
        <label key={value}>
          <input type="radio" name={`axis-${axis}`} checked={value === chosen} onChange={() => choose(axis, value)} />
          <span>
            {value}
            {isValueSoldOut(axis, value) && <small> {say.soldOutTag}</small>}
          </span>
        </label>
      ))}
    </fieldset>
  ))
}

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

/** The units left, as a number and as a field of dots. */
export function Stock() {
  const say = words.value
  const { free, held, sold, total } = currentItem()
  const show = (value: number) => count(value, language.value)
  const perDot = unitsPerDot(total)
  const rest = [held > 0 && say.heldCount(show(held)), sold > 0 && say.soldCount(show(sold))]
    .filter(Boolean)
    .join(" · ")
  return (
    <div class="stock" data-stale={stale.value}>
      <p class="left">
        <strong data-testid="free">{show(free)}</strong> <span>{say.leftShort}</span>{" "}
        <span class="of">{say.ofTotal(show(total))}</span>
        <span class="rest">{rest}</span>
      </p>
      <Dots label={say.stock(show(free), show(held), show(sold), show(total))} />
      {perDot > 1 && <p class="per">{say.unitsPerDot(show(perDot))}</p>}
    </div>
  )
}

function Dots({ label }: { label: string }) {
  const dots = useComputed(() => dotsOf(currentItem()))
  return (
    <div class="field" role="img" aria-label={label}>
      {dots.value.map((dot, index) => (
        <i key={index} data-dot={dot} />
      ))}
    </div>
  )
}
