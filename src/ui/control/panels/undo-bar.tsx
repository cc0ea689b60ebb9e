import { signal } from "@preact/signals"
import { complain, type Refusal } from "../data/action-error.ts"
import { words } from "../words/words.ts"

interface Done {
  text: string
  undo?: () => Promise<Refusal>
}

const SHOWN_MS = 12_000

const shown = signal<Done | undefined>(undefined)
let timer: ReturnType<typeof setTimeout> | undefined

/** Says what was done and, for a while, offers to undo it. */
export function done(text: string, undo?: () => Promise<Refusal>): void {
  clearTimeout(timer)
  shown.value = { text, undo }
  timer = setTimeout(() => {
    shown.value = undefined
  }, SHOWN_MS)
}

export function Undo() {
  const now = shown.value
  return (
    <div class="undo" role="status" data-testid="done">
      {now && (
        <p>
          {now.text}
          {now.undo && (
            <button
              type="button"
              onClick={async () => {
                shown.value = undefined
                complain(await now.undo!())
              }}
            >
              {words.value.undo}
            </button>
          )}
        </p>
      )}
    </div>
  )
}
