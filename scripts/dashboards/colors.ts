import { REFUSALS } from "../../src/core/outcome.ts"
import { OUTCOMES as GROUPED, type Group } from "../../src/ui/control/rates.ts"

/** As in the control room: one colour for one group of outcomes, on every screen. */
export const GROUP_COLORS: Record<Group, string> = {
  sold: "#43d17f",
  held: "#ffb84d",
  limit: "#7ea8ff",
  sold_out: "#7b7d88",
  other: "#b48cff",
  busy: "#ff9d5c",
  unknown: "#ff6b62",
}

export const GOOD = GROUP_COLORS.sold
export const WARN = GROUP_COLORS.held
export const BAD = GROUP_COLORS.unknown
export const INK = "#f3efe8"
export const P50 = "#8fd3ff"
export const P99 = "#f3a6ff"

/** Every word of `flash_sale_requests_total`. */
export const OUTCOMES: Record<string, string> = Object.fromEntries(
  ["confirmed", "held", "replayed", ...REFUSALS].map(word => [word, GROUP_COLORS[GROUPED[word] ?? "other"]]),
)
export const STATUSES = { success: GROUP_COLORS.sold, fail: GROUP_COLORS.sold_out }
export const STATES = { sold: GROUP_COLORS.sold, held: GROUP_COLORS.held, free: INK }
