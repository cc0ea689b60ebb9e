import { choices, choose, valueIsGone } from "../product/finish.ts"
import { choiceLocked } from "../state/state.ts"
import { words } from "../words/words.ts"

/** Which item of the sale, where there is more than one: storage, and whatever else their names tell apart. */
export function Choice() {
  const say = words.value
  return choices.value.map(({ at, values, chosen }) => (
    <fieldset class="choice" key={at} disabled={choiceLocked.value}>
      <legend>{say.choose}</legend>
      {values.map(value => (
        <label key={value}>
          <input type="radio" name={`axis-${at}`} checked={value === chosen} onChange={() => choose(at, value)} />
          <span>
            {value}
            {valueIsGone(at, value) && <small> {say.soldOutTag}</small>}
          </span>
        </label>
      ))}
    </fieldset>
  ))
}
