import { money } from "../../common/format.ts"
import { language } from "../../common/language.ts"
import { buy } from "../purchase/attempt.ts"
import type { RetryReason } from "../purchase/buy-result.ts"
import { type AttemptState, attemptState, currentItem, currentSale, online } from "../state/state.ts"
import { words } from "../words/words.ts"

/** The buy button and the line below it. They say what a press will do, and then how the attempt goes. */
export function BuyButton() {
  const attempt = attemptState.value
  const busy = ["securing", "waiting", "loading_order"].includes(attempt.status)
  const press = () => {
    if (!busy) void buy(currentSale().id, currentItem().sku)
  }
  return (
    <>
      {/* Not `disabled`, because that would take the focus away from a reader who pressed it with a key. */}
      <button type="button" class="buy" data-testid="buy" aria-disabled={busy} data-busy={busy} onClick={press}>
        {labelOf(attempt)}
      </button>
      <p class="note">{noteOf(attempt)}</p>
    </>
  )
}

function labelOf(attempt: AttemptState): string {
  const say = words.value
  if (attempt.status === "securing") return say.securing
  if (attempt.status === "waiting") return attempt.reason === "unknown" ? say.checkingButton : say.securing
  if (attempt.status === "loading_order") return say.loading
  if (attempt.status === "gave_up") return say.checkAgain
  if (attempt.status === "refused") return say.tryAgain
  return say.buy(money(currentItem().price, language.value))
}

/** The line below the button, which screen readers read too. */
export function noteOf(attempt: AttemptState): string {
  const say = words.value
  const reasons: Record<RetryReason, string> = {
    unknown: say.checking,
    busy: say.busy,
    gate: say.gate,
    offline: say.offline,
    opening: say.early,
  }
  if (attempt.status === "waiting") return reasons[attempt.reason]
  if (attempt.status === "securing") return attempt.slow ? say.slow : ""
  if (attempt.status === "gave_up") return say.gaveUp
  if (attempt.status === "session_lost") return say.sessionLost
  if (attempt.status === "refused") return say.fault
  return online.value ? "" : say.offline
}
