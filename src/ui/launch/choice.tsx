import { chosenSku, item, sale, stage } from "./state.ts"
import { words } from "./words.ts"

/** Which item of the sale, where there is more than one. */
export function Choice() {
  const items = sale.value?.items ?? []
  if (items.length < 2) return null
  const settled = stage.value.at !== "idle" && stage.value.at !== "refused"
  return (
    <fieldset class="choice" disabled={settled}>
      <legend>{words.value.choose}</legend>
      {items.map(one => (
        <label key={one.sku}>
          <input
            type="radio"
            name="sku"
            value={one.sku}
            checked={one.sku === item.value?.sku}
            onChange={() => {
              chosenSku.value = one.sku
            }}
          />
          <span>{one.name}</span>
        </label>
      ))}
    </fieldset>
  )
}
