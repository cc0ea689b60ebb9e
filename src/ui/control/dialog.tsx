import { useSignal } from "@preact/signals"
import type { ComponentChildren } from "preact"
import { useEffect, useRef } from "preact/hooks"
import { kill, restock, steer } from "./act.ts"
import { type Asking, asking } from "./state.ts"
import { words } from "./words.ts"

/** What must be typed to close a sale, in every language: it is the verb of the interface. */
const CLOSE = "close"
const UNITS_MAX = 1_000_000_000

/** Asks before anything dangerous, by naming what it would happen to. */
export function Dialog() {
  const what = asking.value
  if (!what) return null
  if (what.kind === "kill") return <Kill what={what} />
  return what.kind === "close" ? <Close what={what} /> : <Restock what={what} />
}

function Kill({ what }: { what: Extract<Asking, { kind: "kill" }> }) {
  const say = words.value
  const { id } = what.node
  return <Question title={say.killTitle(id)} text={say.killText} yes={say.killNode(id)} onYes={() => kill(id)} danger />
}

function Close({ what }: { what: Extract<Asking, { kind: "close" }> }) {
  const say = words.value
  const typed = useSignal("")
  const { id, name } = what.sale
  const ready = typed.value.trim().toLowerCase() === CLOSE
  return (
    <Question
      title={say.closeTitle(name)}
      text={say.closeText}
      yes={say.closeYes}
      ready={ready}
      onYes={() => steer(id, "close")}
      danger
    >
      <label>
        {say.closePhrase(CLOSE)}
        <input
          autocomplete="off"
          value={typed}
          onInput={event => {
            typed.value = event.currentTarget.value
          }}
        />
      </label>
    </Question>
  )
}

function Restock({ what }: { what: Extract<Asking, { kind: "restock" }> }) {
  const say = words.value
  const units = useSignal(10)
  const { sale, item } = what
  const ready = Number.isInteger(units.value) && units.value >= 1 && units.value <= UNITS_MAX
  return (
    <Question
      title={say.restockTitle(item.name)}
      text={say.restockText}
      yes={say.restockYes}
      ready={ready}
      onYes={() => restock(sale.id, item.sku, units.value)}
    >
      <label>
        {say.restockUnits}
        <input
          type="number"
          min={1}
          max={UNITS_MAX}
          value={units}
          onInput={event => {
            units.value = event.currentTarget.valueAsNumber
          }}
        />
      </label>
    </Question>
  )
}

interface QuestionParts {
  title: string
  text: string
  yes: string
  onYes: () => void
  ready?: boolean
  danger?: boolean
  children?: ComponentChildren
}

function Question({ title, text, yes, onYes, ready = true, danger = false, children }: QuestionParts) {
  const box = useRef<HTMLDialogElement>(null)
  useEffect(() => box.current?.showModal(), [])
  const close = () => {
    asking.value = undefined
  }
  return (
    <dialog ref={box} onClose={close} aria-labelledby="question">
      <form
        onSubmit={event => {
          event.preventDefault()
          if (ready) onYes()
        }}
      >
        <h2 id="question">{title}</h2>
        <p class="soft">{text}</p>
        {children}
        <div class="answers">
          <button type="button" onClick={close}>
            {words.value.cancel}
          </button>
          <button type="submit" class={danger ? "danger" : "primary"} disabled={!ready}>
            {yes}
          </button>
        </div>
      </form>
    </dialog>
  )
}
