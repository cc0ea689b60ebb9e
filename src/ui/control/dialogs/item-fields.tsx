import type { Signal } from "@preact/signals"
import { words } from "../words/words.ts"
import { Field } from "./field.tsx"
import { newItem, type SaleDraft, type SaleDraftItem, slug } from "./sale-draft.ts"

const ITEMS_MAX = 50

interface ItemFieldsProps {
  draft: Signal<SaleDraft>
  /** True for a sale that exists: its items stay as they are, and a restock adds units. */
  fixed: boolean
  errorAt: (path: string) => string | undefined
  touch: (path: string) => void
}

export function ItemFields({ draft, fixed, errorAt, touch }: ItemFieldsProps) {
  const say = words.value
  const { items } = draft.value
  const setItems = (next: SaleDraftItem[]) => {
    draft.value = { ...draft.value, items: next }
  }
  const set = (item: SaleDraftItem, index: number, name: keyof SaleDraftItem, value: string) => {
    // The code follows the name until it is edited itself.
    const followsName = name === "name" && item.sku === slug(item.name)
    setItems(items.with(index, { ...item, [name]: value, ...(followsName && { sku: slug(value) }) }))
    touch(`items.${index}.${name}`)
  }
  return (
    <>
      {items.map((item, index) => (
        <fieldset key={index} class="item-fields" disabled={fixed}>
          <legend>{say.itemNumber(index + 1)}</legend>
          {(["name", "sku", "price", "listPrice", "total"] as const).map(name => (
            <Field
              key={name}
              path={`items.${index}.${name}`}
              label={say.itemFields[name]}
              value={item[name]}
              type={name === "name" || name === "sku" ? "text" : "number"}
              onValue={value => set(item, index, name, value)}
              error={errorAt(`items.${index}.${name}`)}
            />
          ))}
          {!fixed && items.length > 1 && (
            <button type="button" onClick={() => setItems(items.toSpliced(index, 1))}>
              {say.removeItem(index + 1)}
            </button>
          )}
        </fieldset>
      ))}
      {!fixed && items.length < ITEMS_MAX && (
        <button type="button" onClick={() => setItems([...items, newItem()])}>
          {say.addItem}
        </button>
      )}
    </>
  )
}
