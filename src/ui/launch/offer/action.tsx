import { useEffect, useLayoutEffect, useRef } from "preact/hooks"
import { money } from "../../common/format.ts"
import { language } from "../../common/language.tsx"
import { buy } from "../purchase/attempt.ts"
import type { RetryReason } from "../purchase/buy-result.ts"
import type { Phase } from "../state/phase.ts"
import { type AttemptState, attemptState, currentItem, currentSale, online, phase } from "../state/state.ts"
import { words } from "../words/words.ts"
import { EarlierOrders, LostOrder } from "./earlier-orders.tsx"
import { OrderCard } from "./order-card.tsx"
import { SaleStatus } from "./sale-status.tsx"

/** The button, or what is shown in its place: the order, or why there is nothing to press. */
export function Action() {
  const box = useRef<HTMLDivElement>(null)
  const dock = useRef<HTMLDivElement>(null)
  const { status } = attemptState.value
  useLayoutEffect(() => {
    // The button had the focus and is gone, so the order card in its place takes the focus.
    if (status === "order" && document.activeElement === document.body) box.current?.focus({ preventScroll: true })
  }, [status])
  useEffect(() => reserveDockHeight(box.current, dock.current), [])
  return (
    <div class="action" data-testid="action" ref={box} tabIndex={-1}>
      <div class="dock" ref={dock}>
        <ReleasedNote />
        <Content />
      </div>
    </div>
  )
}

/** Sets `--dock` to the dock's height. On a phone the dock lies over the end of the page, which leaves that much room. */
function reserveDockHeight(box: HTMLElement | null, dock: HTMLElement | null): (() => void) | undefined {
  const page = box?.closest<HTMLElement>(".page")
  if (!box || !dock || !page) return undefined
  const resize = new ResizeObserver(([entry]) => {
    const height = entry?.borderBoxSize[0]?.blockSize ?? 0
    for (const { style } of [document.documentElement, box, page]) style.setProperty("--dock", `${Math.ceil(height)}px`)
  })
  resize.observe(dock)
  return () => resize.disconnect()
}

function Content() {
  const attempt = attemptState.value
  const shown = shownPhase()
  if (attempt.status === "order" && attempt.order.state !== "released") {
    const { order, node, already } = attempt
    return <OrderCard order={order} node={node} already={already} />
  }
  if (attempt.status === "order_lost") return <LostOrder orderId={attempt.orderId} />
  if (attempt.status === "refused" && attempt.code === "limit_reached") return <SaleStatus phase="limit_reached" />
  const isOver = ["idle", "refused", "order", "session_lost", "stranger"].includes(attempt.status)
  return isOver && shown !== undefined && shown !== "open" ? <SaleStatus phase={shown} /> : <BuyButton />
}

function ReleasedNote() {
  const attempt = attemptState.value
  if (attempt.status !== "order" || attempt.order.state !== "released") return null
  const say = words.value
  return <p class="note">{attempt.order.releaseReason === "expired" ? say.expired : say.gaveBack}</p>
}

const PHASE_OF_REFUSAL: Record<string, Phase> = {
  sold_out: "sold_out",
  all_held: "all_held",
  sale_paused: "paused",
  sale_closed: "closed",
}

/** The phase that a refusal tells, if it is newer than the last state of the sale; otherwise the sale's own. */
function shownPhase(): Phase | undefined {
  const attempt = attemptState.value
  return (attempt.status === "refused" && PHASE_OF_REFUSAL[attempt.code]) || phase.value
}

/** The buy button and the line below it. They say what a press will do, and then how the attempt goes. */
function BuyButton() {
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
      <EarlierOrders />
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
  if (attempt.status === "stranger") {
    return `${say.strangers[attempt.cause]} ${attempt.uncertain ? say.gaveUp : say.nothingBought}`
  }
  if (attempt.status === "order_lost") return say.orderLost
  if (attempt.status === "refused") return say.fault
  return online.value ? "" : say.offline
}
