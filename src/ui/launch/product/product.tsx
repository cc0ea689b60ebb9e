import { words } from "../words/words.ts"
import { canTurn, finishOptions, selectFinish, shownFinish } from "./finish.ts"
import { phoneDrawing } from "./phone-drawing.tsx"
import { useRotation } from "./rotation.ts"

/** The product, and its finishes: turned through by hand, by the dots below it, or with the arrow keys on them. */
export function Product() {
  const { stage, shown } = useRotation()
  const all = finishOptions.value
  return (
    <div class="product" data-finish={all[shown]?.finish}>
      <div class="turntable" ref={stage} aria-hidden="true">
        <div class="slab">
          <i />
          <i />
          <i />
          <i />
          {phoneDrawing}
        </div>
      </div>
      <fieldset class="finishes" disabled={!canTurn.value}>
        <legend class="hidden">{words.value.finish}</legend>
        {all.map(({ finish, name }, place) => (
          <label key={name} data-finish={finish}>
            <input
              type="radio"
              name="finish"
              aria-label={name}
              checked={place === shownFinish.value}
              onChange={() => selectFinish(place)}
            />
            <span />
          </label>
        ))}
        <p aria-hidden="true">{all[shownFinish.value]?.name}</p>
      </fieldset>
    </div>
  )
}
