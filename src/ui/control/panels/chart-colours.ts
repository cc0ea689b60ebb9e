import { computed, signal } from "@preact/signals"
import type { OutcomeGroup } from "../data/rates.ts"

const light = matchMedia("(prefers-color-scheme: light)")
const isLight = signal(light.matches)
light.addEventListener("change", () => {
  isLight.value = light.matches
})

/** The colours of the style sheet, for canvases. */
export const chartColours = computed(() => {
  // Reading the signal makes this run again when the reader's colour scheme changes.
  isLight.value
  const style = getComputedStyle(document.documentElement)
  return (name: OutcomeGroup | "p50" | "p99" | "line" | "soft") => style.getPropertyValue(`--${name}`).trim()
})
