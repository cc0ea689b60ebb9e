import { money } from "../../common/format.ts"
import { language } from "../../common/language.ts"
import { buy } from "../purchase/attempt.ts"
import type { RetryReason } from "../purchase/attempt-result.ts"
import { type AttemptState, attemptState, item, online, sale } from "../state/state.ts"
import { words } from "../words/words.ts"

/** The button, and the line below it. It says what will happen, and then what is happening. */
export function BuyButton() {
  const told = attemptState.value
  const busy = told.at === "securing" || told.at === "waiting" || told.at === "recalling"
  const press = () => {
    if (!busy) void buy(sale.value!.id, item.value!.sku)
  }
  return (
    <>
      {/* Not `disabled`: that would take the focus away from whoever pressed it with a key. */}
      <button type="button" class="buy" data-testid="buy" aria-disabled={busy} data-busy={busy} onClick={press}>
        {labelOf(told)}
      </button>
      <p class="note">{noteOf(told)}</p>
    </>
  )
}

function labelOf(told: AttemptState): string {
  const say = words.value
  if (told.at === "securing") return say.securing
  if (told.at === "waiting") return told.why === "unknown" ? say.checkingButton : say.securing
  if (told.at === "recalling") return say.loading
  if (told.at === "gave_up") return say.askAgain
  if (told.at === "refused") return say.again
  return say.buy(money(item.value!.price, language.value))
}

/** What is said below the button, and aloud. */
export function noteOf(told: AttemptState): string {
  const say = words.value
  const waits: Record<RetryReason, string> = {
    unknown: say.checking,
    busy: say.busy,
    gate: say.gate,
    offline: say.offline,
    opening: say.early,
  }
  if (told.at === "waiting") return waits[told.why]
  if (told.at === "securing") return told.slow ? say.stillWithYou : ""
  if (told.at === "gave_up") return say.gaveUp
  if (told.at === "session_lost") return say.sessionLost
  if (told.at === "refused") return say.fault
  return online.value ? "" : say.offline
}
