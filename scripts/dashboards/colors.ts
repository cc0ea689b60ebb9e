import { readFileSync } from "node:fs"
import { REFUSALS } from "../../src/core/outcome.ts"
import { GROUP_OF_OUTCOME as GROUPS } from "../../src/ui/control/data/rates.ts"

/** The control room's palette. The dark colours come first, and Grafana is dark. */
const PALETTE = readFileSync(new URL("../../src/ui/control/styles/colours.css", import.meta.url), "utf8")

function colorOf(name: string): string {
  const [, color] = new RegExp(`--${name}: (#[0-9a-f]{6});`).exec(PALETTE) ?? []
  if (color === undefined) throw new Error(`The control room has no colour named ${name}.`)
  return color
}

export const GOOD = colorOf("lamp-good")
export const WARN = colorOf("lamp-warn")
export const BAD = colorOf("lamp-bad")
export const INK = colorOf("free")
export const P50 = colorOf("p50")
export const P99 = colorOf("p99")

/** Every outcome of `flash_sale_requests_total` with its colour in the control room. */
export const OUTCOMES: Record<string, string> = Object.fromEntries(
  ["confirmed", "held", "replayed", ...REFUSALS].map(word => [word, colorOf(GROUPS[word] ?? "other")]),
)
export const STATUSES = { success: colorOf("sold"), fail: colorOf("sold_out") }
export const STATES = { sold: colorOf("sold"), held: colorOf("held"), free: colorOf("free") }
