import { useSignal } from "@preact/signals"
import type { ComponentChildren } from "preact"
import { useEffect, useRef } from "preact/hooks"
import type { ActionError } from "../data/admin-request.ts"
import { dialogRequest } from "../data/state.ts"
import { words } from "../words/words.ts"

interface FormDialogProps {
  title: string
  text?: string
  submitText: string
  onSubmit: () => Promise<ActionError | undefined>
  ready?: boolean
  danger?: boolean
  wide?: boolean
  /** Gets an error first. Returns true if it shows the error at a field itself. */
  onError?: (error: ActionError) => boolean
  children?: ComponentChildren
}

/** A dialog with a form. It stays open until the action has succeeded or is cancelled. */
export function FormDialog(props: FormDialogProps) {
  const { title, text, submitText, onSubmit, ready = true, danger, wide, onError, children } = props
  const box = useRef<HTMLDialogElement>(null)
  const busy = useSignal(false)
  const message = useSignal("")
  useEffect(() => box.current?.showModal(), [])
  const close = () => {
    dialogRequest.value = undefined
  }
  const submit = async () => {
    if (!ready || busy.value) return
    busy.value = true
    message.value = ""
    const error = await onSubmit()
    busy.value = false
    if (!error) close()
    else if (!onError?.(error)) message.value = error.message
  }
  return (
    <dialog ref={box} onClose={close} aria-labelledby="dialog-title" class={wide ? "wide" : ""}>
      <form
        noValidate
        onSubmit={event => {
          event.preventDefault()
          void submit()
        }}
      >
        <h2 id="dialog-title">{title}</h2>
        {text && <p class="soft">{text}</p>}
        {children}
        <p class="denied" role="alert">
          {message}
        </p>
        <div class="buttons">
          <button type="button" onClick={close}>
            {words.value.cancel}
          </button>
          <button type="submit" class={danger ? "danger" : "primary"} disabled={!ready} aria-disabled={busy.value}>
            {submitText}
          </button>
        </div>
      </form>
    </dialog>
  )
}
