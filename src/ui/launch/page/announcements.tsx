import { useSignal, useSignalEffect } from "@preact/signals"
import { count } from "../../common/format.ts"
import { language } from "../../common/language.tsx"
import { after, every } from "../../common/time.ts"
import { noteOf } from "../offer/action.tsx"
import { type Announcement, announcement, attemptState, item } from "../state/state.ts"
import { words } from "../words/words.ts"

const SHOWN_MS = 6_000

/** Shows an announcement at the top edge for a moment. Screen readers skip it: `Announcer` reads the same text. */
export function Toast() {
  const shown = useSignal(false)
  useSignalEffect(() => {
    if (!announcement.value) return
    shown.value = true
    return after(SHOWN_MS, () => {
      shown.value = false
    })
  })
  const news = announcement.value
  if (!news) return null
  const tone = news.kind === "order" ? news.order.state : news.kind
  return (
    <div class="toast" data-shown={shown.value} data-tone={tone} aria-hidden="true">
      <i />
      <span>{announcementText(news)}</span>
      {news.kind === "order" && news.order.state !== "released" && <small>{`${news.order.id} · ${news.node}`}</small>}
    </div>
  )
}

/** An announcement in one short sentence. */
function announcementText(news: Announcement): string {
  const say = words.value
  if (news.kind === "event") return say[news.event]
  if (news.kind === "order") {
    if (news.order.state === "held") return say.heldTag
    if (news.order.state === "confirmed") return say.yours
    return news.order.releaseReason === "expired" ? say.expired : say.gaveBack
  }
  const refusals: Record<string, string> = {
    sold_out: say.soldOut,
    all_held: say.allHeld,
    limit_reached: say.limitReached,
    sale_paused: say.paused,
    sale_closed: say.closed,
    sale_not_open: say.notOpen,
  }
  return refusals[news.code] ?? say.fault
}

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
