import { useComputed } from "@preact/signals"
import { count } from "../../common/format.ts"
import { language } from "../../common/language.ts"
import { item, stale } from "../state/state.ts"
import { words } from "../words/words.ts"
import { dotsOf, unitsPerDot } from "./stock-dots.ts"

/** How many are left: as a number, and as a field of lights. */
export function Stock() {
  const say = words.value
  const { free, held, sold, total } = item.value!
  const show = (value: number) => count(value, language.value)
  const per = unitsPerDot(total)
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
      <Field label={say.stock(show(free), show(held), show(sold), show(total))} />
      {per > 1 && <p class="per">{say.lightFor(show(per))}</p>}
    </div>
  )
}

function Field({ label }: { label: string }) {
  const field = useComputed(() => dotsOf(item.value!))
  return (
    <div class="field" role="img" aria-label={label}>
      {field.value.map((light, place) => (
        <i key={place} data-light={light} />
      ))}
    </div>
  )
}
