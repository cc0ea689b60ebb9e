import { useSignal } from "@preact/signals"
import { count } from "../common/format.ts"
import { language } from "../common/language.tsx"
import { milliseconds } from "./data/durations.ts"
import { BOTS_MAX, percentile, type Rehearsal, rehearsal, rehearse, stopRehearsal } from "./data/rehearsal.ts"
import { FormDialog } from "./dialogs/form-dialog.tsx"
import { words } from "./words/words.ts"

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

/** The progress and the result of a rehearsal. */
export function RehearsalProgress() {
  const say = words.value
  const now = rehearsal.value
  if (!now) return null
  const close = () => {
    if (now.state === "running") stopRehearsal()
    else if (now.state === "done") rehearsal.value = undefined
  }
  return (
    <section class="rehearsal" aria-label={say.rehearsal} data-state={now.state} data-ok={now.ok}>
      <progress max={now.bots} value={now.times.length + now.unknown} aria-label={say.rehearsal} />
      <p role="status" data-testid="rehearsal">
        {summary(now)}
      </p>
      <p class="soft">{details(now)}</p>
      <button type="button" disabled={now.state === "auditing"} onClick={close}>
        {now.state === "running" ? say.stop : say.dismiss}
      </button>
    </section>
  )
}

function summary({ state, ok, sold, units, bots }: Rehearsal): string {
  const say = words.value
  if (state === "running") return say.rehearsing(bots, units)
  if (state === "auditing") return say.auditing
  return ok ? say.rehearsedWell(sold, bots) : say.rehearsedBadly
}

function details({ sold, refused, unknown, times, nodes }: Rehearsal): string {
  const say = words.value
  const show = (value: number) => count(value, language.value)
  const byNode = Object.entries(nodes)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([node, responses]) => `${node} ${show(responses)}`)
  return [
    `${show(sold)} ${say.sold}`,
    `${show(refused)} ${say.refused}`,
    ...(unknown > 0 ? [`${show(unknown)} ${say.groups.unknown}`] : []),
    `p99 ${milliseconds(percentile(times, 0.99))}`,
    ...byNode,
  ].join(" · ")
}
