import type { ComponentChildren } from "preact"

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
