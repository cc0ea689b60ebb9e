import type { ComponentChildren } from "preact"

interface TileProps {
  name: string
  title: string
  bad?: boolean
  aside?: ComponentChildren
  children: ComponentChildren
}

/** A panel of the control room: a title, an optional aside and the content. */
export function Tile({ name, title, bad = false, aside, children }: TileProps) {
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
