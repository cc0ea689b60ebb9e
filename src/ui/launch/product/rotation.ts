import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks"
import { canChangeFinish, selectFinish, shownFinish } from "./finish.ts"

/** How far a drag goes for half a turn, in pixels. */
const HALF_TURN_PX = 220
/** How far the product leans towards a mouse pointer. */
const LEAN_DEGREES = 9
const QUARTER_TURN_MS = 160

const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)")

/**
 * Turns the product half around for each change of finish. The drawing changes while only its edge is visible. With
 * reduced motion only the colours change. `shown` is the index of the finish that is drawn, which during a turn is
 * still the old one.
 */
export function useRotation() {
  const stage = useRef<HTMLDivElement>(null)
  const [shown, show] = useState(shownFinish.value)
  const dragging = useRef(false)
  const wanted = shownFinish.value

  useLayoutEffect(() => {
    if (shown === wanted) return
    const slab = stage.current?.firstElementChild
    if (dragging.current || reducedMotion.matches || !slab?.animate) return show(wanted)
    const out = slab.animate([{}, { transform: "rotateY(90deg)" }], { duration: QUARTER_TURN_MS, easing: "ease-in" })
    out.onfinish = () => {
      show(shownFinish.value)
      slab.animate([{ transform: "rotateY(-90deg)" }, {}], { duration: QUARTER_TURN_MS * 1.5, easing: "ease-out" })
    }
  }, [wanted])

  useEffect(() => (stage.current ? followPointer(stage.current, dragging) : undefined), [])
  return { stage, shown }
}

/** Turns the product with a drag, and leans it a little towards a mouse that only hovers. Returns a clean-up function. */
function followPointer(stage: HTMLElement, dragging: { current: boolean }): () => void {
  let dragStart: number | undefined
  const { style } = stage.firstElementChild as HTMLElement
  const lean = (y: number, x = 0) => {
    style.setProperty("--turn", reducedMotion.matches ? "0deg" : `${y}deg`)
    style.setProperty("--tilt", reducedMotion.matches ? "0deg" : `${x}deg`)
  }
  const hover = (event: PointerEvent) => {
    if (event.pointerType !== "mouse") return
    const { left, top, width, height } = stage.getBoundingClientRect()
    const part = (at: number, start: number, size: number) => ((at - start) / size - 0.5) * 2 * LEAN_DEGREES
    lean(part(event.clientX, left, width), -part(event.clientY, top, height))
  }
  const move = (event: PointerEvent) => {
    if (dragStart === undefined) return hover(event)
    const degrees = ((event.clientX - dragStart) / HALF_TURN_PX) * 180
    if (Math.abs(degrees) <= 90 || !canChangeFinish.value) return lean(Math.max(-90, Math.min(90, degrees)))
    const direction = Math.sign(degrees)
    dragStart += direction * HALF_TURN_PX
    selectFinish(shownFinish.value - direction)
    lean(degrees - direction * 180)
  }
  const press = (event: PointerEvent) => {
    dragStart = event.clientX
    dragging.current = true
    stage.dataset.held = "true"
    stage.setPointerCapture(event.pointerId)
  }
  const release = () => {
    dragStart = undefined
    dragging.current = false
    delete stage.dataset.held
    lean(0)
  }
  const listening = new AbortController()
  const { signal } = listening
  stage.addEventListener("pointermove", move, { signal })
  stage.addEventListener("pointerdown", press, { signal })
  for (const type of ["pointerup", "pointercancel", "pointerleave"] as const) {
    stage.addEventListener(type, release, { signal })
  }
  return () => listening.abort()
}
