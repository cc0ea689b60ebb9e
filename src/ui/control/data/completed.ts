import { signal } from "@preact/signals"
import { after } from "../../common/timers.ts"
import type { ActionError } from "./action-error.ts"

interface CompletedAction {
  text: string
  undo?: (() => Promise<ActionError | undefined>) | undefined
}

const SHOWN_MS = 12_000

/** What the administrator has just done, for as long as the undo bar shows it. */
export const completed = signal<CompletedAction | undefined>(undefined)
let cancelHide = () => {}

/** Shows what was done and, for a while, offers to undo it. */
export function showCompleted(text: string, undo?: CompletedAction["undo"]): void {
  cancelHide()
  completed.value = { text, undo }
  cancelHide = after(SHOWN_MS, () => {
    completed.value = undefined
  })
}
