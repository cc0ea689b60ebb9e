import type { ComponentChildren } from "preact"

interface Tile {
  name: string
  title: string
  bad?: boolean
  aside?: ComponentChildren
  children: ComponentChildren
}

/** One question and its answer. */
export function Tile({ name, title, bad = false, aside, children }: Tile) {
  return (
    <section class={`tile ${name}`} data-bad={bad}>
      <div class="tile-head">
        <h2>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  )
}
