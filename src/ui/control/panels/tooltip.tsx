import { signal } from "@preact/signals"
import type { ComponentChildren } from "preact"
import { useEffect, useRef } from "preact/hooks"
import { queryOf, type Topic } from "../data/queries.ts"
import type { Tone } from "../data/state.ts"
import { words } from "../words/words.ts"

interface Open {
  topic: Topic
  of: string
  at: HTMLElement
}

const open = signal<Open | undefined>(undefined)
const GAP = 8

interface Parts {
  topic: Topic
  /** The sale or the node that it is of. */
  of?: string
  class?: string
  tone?: Tone
  children: ComponentChildren
}

/** A number that tells what it means when it is pointed at, focused or touched. */
export function Explained({ topic, of = "", class: look = "", tone, children }: Parts) {
  const show = (at: HTMLElement) => {
    open.value = { topic, of, at }
  }
  const hide = (at: HTMLElement) => {
    if (open.value?.at === at) open.value = undefined
  }
  return (
    <button
      type="button"
      class={`explained ${look}`}
      data-tone={tone}
      aria-describedby="explanation"
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

/** What the number means that is pointed at: one for the whole room. Escape puts it away. */
export function Explanation() {
  const box = useRef<HTMLDivElement>(null)
  const now = open.value
  useEffect(() => {
    const put = (event: KeyboardEvent) => {
      if (event.key === "Escape") open.value = undefined
    }
    addEventListener("keydown", put)
    return () => removeEventListener("keydown", put)
  }, [])
  useEffect(() => {
    if (now && box.current) place(box.current, now.at)
  }, [now])
  return (
    <div id="explanation" role="tooltip" class="explanation" hidden={!now} ref={box}>
      {now && (
        <>
          <p>{words.value.meaning[now.topic]}</p>
          <code>{queryOf(now.topic, now.of)}</code>
        </>
      )}
    </div>
  )
}

/** Below the number, or above it where there is no room; never beyond the window's edges. */
function place(box: HTMLElement, at: HTMLElement): void {
  const anchor = at.getBoundingClientRect()
  const { offsetWidth: width, offsetHeight: height } = box
  const left = Math.max(GAP, Math.min(anchor.left, innerWidth - width - GAP))
  const below = anchor.bottom + GAP
  const top = below + height < innerHeight ? below : Math.max(GAP, anchor.top - height - GAP)
  box.style.setProperty("left", `${left}px`)
  box.style.setProperty("top", `${top}px`)
}
