import type { Signal } from "@preact/signals"
import { words } from "../words/words.ts"
import { Field } from "./field.tsx"
import { type Draft, type DraftItem, newItem, slug } from "./sale-draft.ts"

const ITEMS_MAX = 50

interface ItemFields {
  draft: Signal<Draft>
  /** A sale that exists keeps its items; their units are added by a restock. */
  fixed: boolean
  faultAt: (path: string) => string | undefined
  touch: (path: string) => void
}

export function ItemFields({ draft, fixed, faultAt, touch }: ItemFields) {
  const say = words.value
  const { items } = draft.value
  const put = (next: DraftItem[]) => {
    draft.value = { ...draft.value, items: next }
  }
  const set = (at: number, name: keyof DraftItem, value: string) => {
    const item = items[at]!
    const named = name === "name" && item.sku === slug(item.name)
    put(items.with(at, { ...item, [name]: value, ...(named && { sku: slug(value) }) }))
    touch(`items.${at}.${name}`)
  }
  return (
    <>
      {items.map((item, at) => (
        <fieldset key={at} class="item-fields" disabled={fixed}>
          <legend>{say.itemNumber(at + 1)}</legend>
          {(["name", "sku", "price", "listPrice", "total"] as const).map(name => (
            <Field
              key={name}
              path={`items.${at}.${name}`}
              label={say.itemFields[name]}
              value={item[name]}
              type={name === "name" || name === "sku" ? "text" : "number"}
              onValue={value => set(at, name, value)}
              fault={faultAt(`items.${at}.${name}`)}
            />
          ))}
          {!fixed && items.length > 1 && (
            <button type="button" onClick={() => put(items.toSpliced(at, 1))}>
              {say.removeItem(at + 1)}
            </button>
          )}
        </fieldset>
      ))}
      {!fixed && items.length < ITEMS_MAX && (
        <button type="button" onClick={() => put([...items, newItem()])}>
          {say.addItem}
        </button>
      )}
    </>
  )
}
