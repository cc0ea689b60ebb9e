import { useSignal } from "@preact/signals"
import type { ComponentChildren } from "preact"
import { useEffect, useRef } from "preact/hooks"
import type { Refusal } from "../data/action-error.ts"
import { asking } from "../data/state.ts"
import { words } from "../words/words.ts"

interface Question {
  title: string
  text?: string
  yes: string
  onYes: () => Promise<Refusal>
  ready?: boolean
  danger?: boolean
  wide?: boolean
  /** Told why the answer was no, to show it where it belongs; returns whether it does. */
  onRefusal?: (refusal: NonNullable<Refusal>) => boolean
  children?: ComponentChildren
}

/** Asks before anything is done, and stays until it was. */
export function Question({ title, text, yes, onYes, ready = true, danger, wide, onRefusal, children }: Question) {
  const box = useRef<HTMLDialogElement>(null)
  const busy = useSignal(false)
  const sentence = useSignal("")
  useEffect(() => box.current?.showModal(), [])
  const close = () => {
    asking.value = undefined
  }
  const submit = async () => {
    if (!ready || busy.value) return
    busy.value = true
    sentence.value = ""
    const refusal = await onYes()
    busy.value = false
    if (!refusal) close()
    else if (!onRefusal?.(refusal)) sentence.value = refusal.sentence
  }
  return (
    <dialog ref={box} onClose={close} aria-labelledby="question" class={wide ? "wide" : ""}>
      <form
        noValidate
        onSubmit={event => {
          event.preventDefault()
          void submit()
        }}
      >
        <h2 id="question">{title}</h2>
        {text && <p class="soft">{text}</p>}
        {children}
        <p class="denied" role="alert">
          {sentence}
        </p>
        <div class="answers">
          <button type="button" onClick={close}>
            {words.value.cancel}
          </button>
          <button type="submit" class={danger ? "danger" : "primary"} disabled={!ready} aria-disabled={busy.value}>
            {yes}
          </button>
        </div>
      </form>
    </dialog>
  )
}
