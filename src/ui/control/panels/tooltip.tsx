import { signal } from "@preact/signals"
import type { ComponentChildren } from "preact"
import { useEffect, useRef } from "preact/hooks"
import { type MetricName, queryOf } from "../data/queries.ts"
import type { Tone } from "../data/state.ts"
import { words } from "../words/words.ts"

interface OpenTooltip {
  metric: MetricName
  of: string
  anchor: HTMLElement
}

const open = signal<OpenTooltip | undefined>(undefined)
const GAP_PX = 8

interface WithTooltipProps {
  metric: MetricName
  /** The id of the sale or node that the number belongs to. */
  of?: string
  class?: string
  tone?: Tone
  children: ComponentChildren
}

/** A number that shows its meaning when it is hovered, focused or touched. */
export function WithTooltip({ metric, of = "", class: look = "", tone, children }: WithTooltipProps) {
  const show = (anchor: HTMLElement) => {
    open.value = { metric, of, anchor }
  }
  const hide = (anchor: HTMLElement) => {
    if (open.value?.anchor === anchor) open.value = undefined
  }
  return (
    <button
      type="button"
      class={`with-tooltip ${look}`}
      data-tone={tone}
      aria-describedby="tooltip"
      onMouseEnter={event => show(event.currentTarget)}
      onFocus={event => show(event.currentTarget)}
      onClick={event => show(event.currentTarget)}
      onMouseLeave={event => hide(event.currentTarget)}
      onBlur={event => hide(event.currentTarget)}
    >
      {children}
    </button>
  )
}

/** The one tooltip of the page: what the number means and its Prometheus query. Escape closes it. */
export function Tooltip() {
  const box = useRef<HTMLDivElement>(null)
  const now = open.value
  useEffect(() => {
    const closeOnEscape = (event: KeyboardEvent) => {
      if (event.key === "Escape") open.value = undefined
    }
    addEventListener("keydown", closeOnEscape)
    return () => removeEventListener("keydown", closeOnEscape)
  }, [])
  useEffect(() => {
    if (now && box.current) place(box.current, now.anchor)
  }, [now])
  return (
    <div id="tooltip" role="tooltip" class="tooltip" hidden={!now} ref={box}>
      {now && (
        <>
          <p>{words.value.tooltips[now.metric]}</p>
          <code>{queryOf(now.metric, now.of)}</code>
        </>
      )}
    </div>
  )
}

/** Places the box below its number, or above it where there is no room, and always inside the window. */
function place(box: HTMLElement, anchor: HTMLElement): void {
  const { left: start, top, bottom } = anchor.getBoundingClientRect()
  const { offsetWidth: width, offsetHeight: height } = box
  const left = Math.max(GAP_PX, Math.min(start, innerWidth - width - GAP_PX))
  const below = bottom + GAP_PX
  const y = below + height < innerHeight ? below : Math.max(GAP_PX, top - height - GAP_PX)
  box.style.setProperty("left", `${left}px`)
  box.style.setProperty("top", `${y}px`)
}
