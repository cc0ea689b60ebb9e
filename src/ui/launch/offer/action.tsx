import { useEffect, useLayoutEffect, useRef } from "preact/hooks"
import type { Phase } from "../state/phase.ts"
import { attemptState, phase } from "../state/state.ts"
import { words } from "../words/words.ts"
import { BuyButton } from "./buy-button.tsx"
import { OrderCard } from "./order-card.tsx"
import { SaleStatus } from "./sale-status.tsx"

/** The one place where something can be done, or where it says why not. */
export function Action() {
  const box = useRef<HTMLDivElement>(null)
  const dock = useRef<HTMLDivElement>(null)
  const { at } = attemptState.value
  const shown = shownPhase()
  useLayoutEffect(() => {
    // A button that made room for its answer took the focus with it; the answer takes it up.
    if (at === "order" && document.activeElement === document.body) box.current?.focus({ preventScroll: true })
  }, [at])
  useEffect(() => {
    // On a phone it lies over the end of the page, which leaves that much room below.
    const places = [document.documentElement, box.current!, box.current!.closest<HTMLElement>(".page")!]
    const measure = new ResizeObserver(([entry]) => {
      const height = entry?.borderBoxSize[0]?.blockSize ?? 0
      for (const { style } of places) style.setProperty("--dock", `${Math.ceil(height)}px`)
    })
    measure.observe(dock.current!)
    return () => measure.disconnect()
  }, [])
  return (
    <div class="action" data-at={at} data-phase={shown} data-testid="action" ref={box} tabIndex={-1}>
      <div class="dock" ref={dock}>
        <ReleasedNote />
        <Inside shown={shown} />
      </div>
    </div>
  )
}

function Inside({ shown }: { shown: Phase }) {
  const told = attemptState.value
  if (told.at === "order" && told.order.state !== "released") return <OrderCard {...told} />
  const mine = ["idle", "refused", "order", "session_lost"].includes(told.at)
  if (told.at === "refused" && told.code === "limit_reached") return <SaleStatus phase="limit_reached" />
  return mine && shown !== "open" ? <SaleStatus phase={shown} /> : <BuyButton />
}

function ReleasedNote() {
  const told = attemptState.value
  if (told.at !== "order" || told.order.state !== "released") return null
  const say = words.value
  return <p class="note">{told.order.releaseReason === "expired" ? say.expired : say.gaveBack}</p>
}

const REFUSAL_PHASES: Record<string, Phase> = {
  sold_out: "sold_out",
  all_held: "all_held",
  sale_paused: "paused",
  sale_closed: "closed",
}

/** A refusal that is newer than the sale's own news says how the sale stands. */
function shownPhase(): Phase {
  const told = attemptState.value
  return (told.at === "refused" && REFUSAL_PHASES[told.code]) || phase.value!
}
