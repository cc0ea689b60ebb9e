import { words } from "../words/words.ts"
import { canChangeFinish, finishOptions, selectFinish, shownFinish } from "./finish.ts"
import { phoneDrawing } from "./phone-drawing.tsx"
import { useRotation } from "./rotation.ts"

/** The product in its finishes. A drag turns it to the next one; so do the buttons below it and the arrow keys on them. */
export function Product() {
  const { stage, shown } = useRotation()
  const options = finishOptions.value
  return (
    <div class="product" data-finish={options[shown]?.finish}>
      <div class="turntable" ref={stage} aria-hidden="true">
        <div class="slab">
          <i />
          <i />
          <i />
          <i />
          {phoneDrawing}
        </div>
      </div>
      <fieldset class="finishes" disabled={!canChangeFinish.value}>
        <legend class="hidden">{words.value.finish}</legend>
        {options.map(({ finish, name }, index) => (
          <label key={name} data-finish={finish}>
            <input
              type="radio"
              name="finish"
              aria-label={name}
              checked={index === shownFinish.value}
              onChange={() => selectFinish(index)}
            />
            <span />
          </label>
        ))}
        <p aria-hidden="true">{options[shownFinish.value]?.name}</p>
      </fieldset>
    </div>
  )
}
