import { useSignal, useSignalEffect } from "@preact/signals"
import { count } from "../../common/format.ts"
import { language } from "../../common/language.ts"
import { noteOf } from "../offer/buy-button.tsx"
import { announcement, attemptState, item } from "../state/state.ts"
import { words } from "../words/words.ts"
import { announcementText } from "./toast.tsx"

/** The stock is said at most this often, however fast it changes. */
const SAY_STOCK_EVERY_MS = 15_000

/** What a screen reader says: an answer at once, the stock now and then. */
export function Announcer() {
  const stock = useSignal("")
  useSignalEffect(() => {
    const say = () => {
      const now = item.peek()
      if (now) stock.value = words.peek().left(count(now.free, language.peek()), count(now.total, language.peek()))
    }
    const timer = setInterval(say, SAY_STOCK_EVERY_MS)
    return () => clearInterval(timer)
  })
  const told = announcement.value
  const order = told?.kind === "order" ? ` ${words.value.order} ${told.order.id}.` : ""
  return (
    <>
      <p class="hidden" aria-live="polite">
        {stock}
      </p>
      <p class="hidden" aria-live="assertive" data-testid="outcome">
        {["order", "refused", "idle"].includes(attemptState.value.at)
          ? told && announcementText(told) + order
          : noteOf(attemptState.value)}
      </p>
    </>
  )
}
