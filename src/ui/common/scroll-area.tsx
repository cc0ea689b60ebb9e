import type { ComponentChildren } from "preact"

/** A box that scrolls its content by wheel, by finger or with the arrow keys. */
export function ScrollArea({ label, children }: { label: string; children: ComponentChildren }) {
  // Only what is in the tab order can be scrolled with a key.
  return (
    <section class="scroll" aria-label={label} tabIndex={0}>
      {children}
    </section>
  )
}
