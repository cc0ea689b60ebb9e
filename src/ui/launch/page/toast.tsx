import { useSignal, useSignalEffect } from "@preact/signals"
import { type Announcement, announcement } from "../state/state.ts"
import { words } from "../words/words.ts"

const SHOWN_MS = 6_000

/** The answer, grown out of the top edge for a moment. The card below stays; this is its echo, so it is not read aloud. */
export function Toast() {
  const shown = useSignal(false)
  useSignalEffect(() => {
    if (!announcement.value) return
    shown.value = true
    const timer = setTimeout(() => {
      shown.value = false
    }, SHOWN_MS)
    return () => clearTimeout(timer)
  })
  const told = announcement.value
  if (!told) return null
  const tone = told.kind === "order" ? told.order.state : told.kind
  return (
    <div class="toast" data-shown={shown.value} data-tone={tone} aria-hidden="true">
      <i />
      <span>{announcementText(told)}</span>
      {told.kind === "order" && told.order.state !== "released" && <small>{`${told.order.id} · ${told.node}`}</small>}
    </div>
  )
}

/** The answer in one short sentence. */
export function announcementText(told: Announcement): string {
  const say = words.value
  if (told.kind === "event") return say[told.what]
  if (told.kind === "order") {
    if (told.order.state === "held") return say.heldTag
    if (told.order.state === "confirmed") return say.yours
    return told.order.releaseReason === "expired" ? say.expired : say.gaveBack
  }
  const refusals: Record<string, string> = {
    sold_out: say.soldOut,
    all_held: say.allHeld,
    limit_reached: say.limitReached,
    sale_paused: say.paused,
    sale_closed: say.closed,
    sale_not_open: say.notOpen,
  }
  return refusals[told.code] ?? say.fault
}
