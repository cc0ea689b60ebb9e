import { useEffect, useLayoutEffect, useRef } from "preact/hooks"
import type { Phase } from "../state/phase.ts"
import { attemptState, phase } from "../state/state.ts"
import { words } from "../words/words.ts"
import { BuyButton } from "./buy-button.tsx"
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
  if (attempt.status === "refused" && attempt.code === "limit_reached") return <SaleStatus phase="limit_reached" />
  const isOver = ["idle", "refused", "order", "session_lost"].includes(attempt.status)
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
