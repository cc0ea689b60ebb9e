import { words } from "../words/words.ts"
import { lookAt, looks, turnable, turnTo } from "./finish.ts"
import { drawing } from "./phone-drawing.tsx"
import { useTurn } from "./rotation.ts"

/** The product, and its finishes: turned through by hand, by the dots below it, or with the arrow keys on them. */
export function Phone() {
  const { stage, shown } = useTurn()
  const all = looks.value
  return (
    <div class="product" data-finish={all[shown]?.finish}>
      <div class="turntable" ref={stage} aria-hidden="true">
        <div class="slab">
          <i />
          <i />
          <i />
          <i />
          {drawing}
        </div>
      </div>
      <fieldset class="finishes" disabled={!turnable.value}>
        <legend class="hidden">{words.value.finish}</legend>
        {all.map(({ finish, name }, place) => (
          <label key={name} data-finish={finish}>
            <input
              type="radio"
              name="finish"
              aria-label={name}
              checked={place === lookAt.value}
              onChange={() => turnTo(place)}
            />
            <span />
          </label>
        ))}
        <p aria-hidden="true">{all[lookAt.value]?.name}</p>
      </fieldset>
    </div>
  )
}
