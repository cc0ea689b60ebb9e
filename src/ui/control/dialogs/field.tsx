import type { ComponentChildren } from "preact"

interface Field {
  /** The field's path, which names its fault too. */
  path: string
  label: string
  value: string
  onValue: (value: string) => void
  fault?: string
  hint?: string
  type?: "text" | "number" | "datetime-local"
  disabled?: boolean
  options?: readonly (readonly [value: string, name: string])[]
  area?: boolean
}

/** A field with its name above it and, below it, what is wrong with it. */
export function Field({ path, label, value, onValue, fault, hint, type = "text", disabled, options, area }: Field) {
  const says = fault ?? hint
  const shared = {
    id: `field-${path}`,
    value,
    disabled,
    "aria-invalid": fault ? ("true" as const) : undefined,
    "aria-describedby": says ? `says-${path}` : undefined,
  }
  const hear = (event: { currentTarget: { value: string } }) => onValue(event.currentTarget.value)
  return (
    <div class="field">
      <label for={shared.id}>{label}</label>
      {options ? (
        <select {...shared} onChange={hear}>
          {options.map(([option, name]) => (
            <option key={option} value={option}>
              {name}
            </option>
          ))}
        </select>
      ) : area ? (
        <textarea {...shared} rows={2} onInput={hear} />
      ) : type === "datetime-local" ? (
        <input {...shared} type="datetime-local" onInput={hear} />
      ) : (
        <input {...shared} inputmode={type === "number" ? "decimal" : "text"} autocomplete="off" onInput={hear} />
      )}
      {says && <Says path={path} fault={fault !== undefined} text={says} />}
    </div>
  )
}

function Says({ path, fault, text }: { path: string; fault: boolean; text: ComponentChildren }) {
  return (
    <p id={`says-${path}`} class={fault ? "denied" : "soft"}>
      {text}
    </p>
  )
}
