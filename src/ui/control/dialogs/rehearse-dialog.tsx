import { useSignal } from "@preact/signals"
import { BOTS_MAX, rehearsal, rehearse } from "../data/rehearsal.ts"
import { words } from "../words/words.ts"
import { FormDialog } from "./form-dialog.tsx"

/** Asks for the size of a rehearsal and starts it. */
export function RehearseDialog() {
  const say = words.value
  const units = useSignal(100)
  const bots = useSignal(300)
  const isValid = (value: number) => Number.isInteger(value) && value >= 1 && value <= BOTS_MAX
  const running = rehearsal.value !== undefined && rehearsal.value.state !== "done"
  const fields = [
    ["units", say.rehearseUnits, units],
    ["bots", say.rehearseBots, bots],
  ] as const
  return (
    <FormDialog
      title={say.rehearseTitle}
      text={running ? say.rehearseRunning : say.rehearseText}
      submitText={say.rehearseYes}
      ready={!running && isValid(units.value) && isValid(bots.value)}
      onSubmit={() => rehearse(units.value, bots.value, say.practice)}
    >
      {fields.map(([name, label, value]) => (
        <label key={name}>
          {label}
          <input
            type="number"
            min={1}
            max={BOTS_MAX}
            value={value}
            onInput={event => {
              value.value = event.currentTarget.valueAsNumber
            }}
          />
        </label>
      ))}
    </FormDialog>
  )
}
