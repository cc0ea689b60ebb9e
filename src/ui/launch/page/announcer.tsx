import { useSignal, useSignalEffect } from "@preact/signals"
import { count } from "../../common/format.ts"
import { language } from "../../common/language.ts"
import { every } from "../../common/timers.ts"
import { noteOf } from "../offer/buy-button.tsx"
import { announcement, attemptState, item } from "../state/state.ts"
import { words } from "../words/words.ts"
import { announcementText } from "./toast.tsx"

/** Screen readers hear of the stock at most this often, however fast it changes. */
const STOCK_INTERVAL_MS = 15_000

/** The texts that screen readers read out: outcomes at once, and the stock from time to time. */
export function Announcer() {
  const stock = useSignal("")
  useSignalEffect(() =>
    every(STOCK_INTERVAL_MS, () => {
      const now = item.peek()
      if (now) stock.value = words.peek().left(count(now.free, language.peek()), count(now.total, language.peek()))
    }),
  )
  return (
    <>
      <p class="hidden" aria-live="polite">
        {stock}
      </p>
      <p class="hidden" aria-live="assertive" data-testid="outcome">
        {outcomeText()}
      </p>
    </>
  )
}

function outcomeText(): string {
  const attempt = attemptState.value
  if (!["order", "refused", "idle"].includes(attempt.status)) return noteOf(attempt)
  const news = announcement.value
  if (!news) return ""
  const order = news.kind === "order" ? ` ${words.value.order} ${news.order.id}.` : ""
  return announcementText(news) + order
}
