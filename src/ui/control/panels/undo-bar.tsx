import { logError } from "../data/action-error.ts"
import { completed } from "../data/completed.ts"
import { words } from "../words/words.ts"

/** Says what was done, with a button to undo it. */
export function UndoBar() {
  const shown = completed.value
  const undo = shown?.undo
  const press = async () => {
    completed.value = undefined
    logError(await undo?.())
  }
  return (
    <div class="undo" role="status" data-testid="done">
      {shown && (
        <p>
          {shown.text}
          {undo && (
            <button type="button" onClick={press}>
              {words.value.undo}
            </button>
          )}
        </p>
      )}
    </div>
  )
}
