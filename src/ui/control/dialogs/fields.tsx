import type { Signal } from "@preact/signals"
import type { ComponentChildren } from "preact"
import { words } from "../words/words.ts"
import { newItem, type SaleDraft, type SaleDraftItem, slug } from "./sale-draft.ts"

interface FieldProps {
  /** The field's path in the request, under which errors are reported too. */
  path: string
  label: string
  value: string
  onValue: (value: string) => void
  error?: string | undefined
  hint?: string
  type?: "text" | "number" | "datetime-local"
  disabled?: boolean
  options?: readonly (readonly [value: string, name: string])[]
  area?: boolean
}

/** A form field with its label above it and, below it, its error or else its hint. */
export function Field({
  path,
  label,
  value,
  onValue,
  error,
  hint,
  type = "text",
  disabled,
  options,
  area,
}: FieldProps) {
  const message = error ?? hint
  const shared = {
    id: `field-${path}`,
    value,
    disabled,
    "aria-invalid": error ? ("true" as const) : undefined,
    "aria-describedby": message ? `message-${path}` : undefined,
  }
  const onInput = (event: { currentTarget: { value: string } }) => onValue(event.currentTarget.value)
  return (
    <div class="field">
      <label for={shared.id}>{label}</label>
      {options ? (
        <select {...shared} onChange={onInput}>
          {options.map(([option, name]) => (
            <option key={option} value={option}>
              {name}
            </option>
          ))}
        </select>
      ) : area ? (
        <textarea {...shared} rows={2} onInput={onInput} />
      ) : type === "datetime-local" ? (
        <input {...shared} type="datetime-local" onInput={onInput} />
      ) : (
        <input {...shared} inputmode={type === "number" ? "decimal" : "text"} autocomplete="off" onInput={onInput} />
      )}
      {message && <Message path={path} isError={error !== undefined} text={message} />}
    </div>
  )
}

function Message({ path, isError, text }: { path: string; isError: boolean; text: ComponentChildren }) {
  return (
    <p id={`message-${path}`} class={isError ? "denied" : "soft"}>
      {text}
    </p>
  )
}

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
