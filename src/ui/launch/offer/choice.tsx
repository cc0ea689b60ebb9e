import { choices, choose, isValueSoldOut } from "../product/finish.ts"
import { choiceLocked } from "../state/state.ts"
import { words } from "../words/words.ts"

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
