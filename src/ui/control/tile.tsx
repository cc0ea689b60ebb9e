import type { ComponentChildren } from "preact"

interface Tile {
  name: string
  title: string
  help?: string
  bad?: boolean
  aside?: ComponentChildren
  children: ComponentChildren
}

/** One question and its answer. `help` is the definition of its numbers. */
export function Tile({ name, title, help, bad = false, aside, children }: Tile) {
  return (
    <section class={`tile ${name}`} data-bad={bad}>
      <div class="tile-head">
        <h2 title={help}>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  )
}
