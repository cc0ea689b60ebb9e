import type { ComponentChildren } from "preact"

/** What may be longer than its place: scrolled by wheel, by finger, or with the arrow keys. */
export function Scroll({ label, children }: { label: string; children: ComponentChildren }) {
  // Without a place in the tab order no key could scroll it.
  return (
    <section class="scroll" aria-label={label} tabIndex={0}>
      {children}
    </section>
  )
}
