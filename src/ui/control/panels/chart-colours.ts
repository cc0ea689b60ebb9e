import { computed, signal } from "@preact/signals"
import type { Group } from "../data/rates.ts"

const light = matchMedia("(prefers-color-scheme: light)")
const isLight = signal(light.matches)
light.addEventListener("change", () => {
  isLight.value = light.matches
})

/** What canvases are drawn with: the same colours as the rest of the room, from its style sheet. */
export const colours = computed(() => {
  // Read again whenever the reader's preference changes.
  isLight.value
  const style = getComputedStyle(document.documentElement)
  return (name: Group | "p50" | "p99" | "line" | "soft" | "cursor") => style.getPropertyValue(`--${name}`).trim()
})
