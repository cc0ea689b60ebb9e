import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks"
import { canTurn, selectFinish, shownFinish } from "./finish.ts"

/** A finger's way for a half turn, in pixels. */
const HALF_TURN_PX = 220
const LEAN_DEGREES = 9
const QUARTER_MS = 160

const still = matchMedia("(prefers-reduced-motion: reduce)")

/**
 * Half a turn for each finish, which changes while only the edge is seen. Where nothing may move, the colours change
 * alone. `shown` is the finish that is seen, which may still be on its way to the one that is chosen.
 */
export function useRotation() {
  const stage = useRef<HTMLDivElement>(null)
  const [shown, show] = useState(shownFinish.value)
  const byHand = useRef(false)
  const wanted = shownFinish.value

  useLayoutEffect(() => {
    if (shown === wanted) return
    const slab = stage.current?.firstElementChild
    if (byHand.current || still.matches || !slab?.animate) return show(wanted)
    const out = slab.animate([{}, { transform: "rotateY(90deg)" }], { duration: QUARTER_MS, easing: "ease-in" })
    out.onfinish = () => {
      show(shownFinish.value)
      slab.animate([{ transform: "rotateY(-90deg)" }, {}], { duration: QUARTER_MS * 1.5, easing: "ease-out" })
    }
  }, [wanted])

  useEffect(() => handle(stage.current!, byHand), [])
  return { stage, shown }
}

/** Follows a finger or a pressed pointer, and leans a little towards one that only hovers. */
function handle(stage: HTMLElement, byHand: { current: boolean }): () => void {
  let from: number | undefined
  const { style } = stage.firstElementChild as HTMLElement
  const lean = (y: number, x = 0) => {
    style.setProperty("--turn", still.matches ? "0deg" : `${y}deg`)
    style.setProperty("--tilt", still.matches ? "0deg" : `${x}deg`)
  }
  const move = (event: PointerEvent) => {
    if (from === undefined) {
      if (event.pointerType !== "mouse") return
      const { left, top, width, height } = stage.getBoundingClientRect()
      const part = (at: number, start: number, size: number) => ((at - start) / size - 0.5) * 2 * LEAN_DEGREES
      return lean(part(event.clientX, left, width), -part(event.clientY, top, height))
    }
    const degrees = ((event.clientX - from) / HALF_TURN_PX) * 180
    if (Math.abs(degrees) <= 90 || !canTurn.value) return lean(Math.max(-90, Math.min(90, degrees)))
    const way = Math.sign(degrees)
    from += way * HALF_TURN_PX
    selectFinish(shownFinish.value - way)
    lean(degrees - way * 180)
  }
  const hold = (event: PointerEvent) => {
    from = event.clientX
    byHand.current = true
    stage.dataset.held = "true"
    stage.setPointerCapture(event.pointerId)
  }
  const letGo = () => {
    from = undefined
    byHand.current = false
    delete stage.dataset.held
    lean(0)
  }
  const gone = new AbortController()
  const on = (
    type: "pointermove" | "pointerdown" | "pointerup" | "pointercancel" | "pointerleave",
    listener: typeof move,
  ) => stage.addEventListener(type, listener, { signal: gone.signal })
  on("pointermove", move)
  on("pointerdown", hold)
  on("pointerup", letGo)
  on("pointercancel", letGo)
  on("pointerleave", letGo)
  return () => gone.abort()
}
