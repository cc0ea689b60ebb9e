import { computed, signal } from "@preact/signals"
import type { Order, Sale } from "../../wire.ts"
import { clock } from "../common/clock.ts"
import { type Phase, phaseOf } from "./phase.ts"
import type { Wait } from "./verdict.ts"

/** How this buyer's own attempt stands. `idle`: the sale itself says what can be done. */
export type Stage =
  | { at: "idle" }
  | { at: "recalling" }
  | { at: "securing"; slow: boolean }
  | { at: "waiting"; why: Wait }
  | { at: "gave_up" }
  | { at: "refused"; code: string; seq: number }
  | { at: "order"; order: Order; node: string; already: boolean }

/** The last answer, told once: as a toast, and aloud to those who listen. */
export type News = { kind: "order"; order: Order; node: string } | { kind: "refused"; code: string }

/** One request of this page, as the console shows it. */
export interface Line {
  time: number
  node: string
  word: string | undefined
  again: boolean
  good: boolean
  ms: number
}

export const sales = signal<readonly Sale[]>([])
export const sale = signal<Sale | undefined>(undefined)
export const trouble = signal<"none" | "loading" | "unreachable" | "unknown_sale" | "nothing">("loading")
export const connected = signal(false)
export const online = signal(navigator.onLine)
export const chosenSku = signal<string | undefined>(undefined)
export const stage = signal<Stage>({ at: "idle" })
export const news = signal<News | undefined>(undefined)
export const lines = signal<readonly Line[]>([])
/** How long the sale took to sell out, when this page saw it happen. */
export const soldOutMs = signal<number | undefined>(undefined)

const LINES_MAX = 50

export function note(line: Line): void {
  lines.value = [line, ...lines.value].slice(0, LINES_MAX)
}

export const item = computed(() => sale.value?.items.find(one => one.sku === chosenSku.value))

export const phase = computed<Phase | undefined>(() =>
  sale.value && item.value ? phaseOf(sale.value, item.value, clock.value) : undefined,
)

/** Takes in what the server says of the sale, unless something newer was heard already. */
export function hearSale(next: Sale): void {
  const before = sale.value
  if (before && (next.seq < before.seq || (next.seq === before.seq && next.now < before.now))) return
  if (before && unitsLeft(before) > 0 && unitsLeft(next) === 0) {
    soldOutMs.value = Date.parse(next.now) - Date.parse(next.opensAt)
  }
  if (unitsLeft(next) > 0) soldOutMs.value = undefined
  // Chosen once: what sells out must not turn into something else under the buyer's finger.
  chosenSku.value ??= (next.items.find(one => one.free > 0) ?? next.items[0])?.sku
  sale.value = next
  const told = stage.value
  if (told.at === "refused" && !stands(told.code, told.seq)) stage.value = { at: "idle" }
}

/** Whether a refusal still says more than the sale itself: once the sale's own news has passed it, it does not. */
function stands(code: string, seq: number): boolean {
  if (code === "limit_reached") return true
  return code !== "sale_not_open" && (sale.value?.seq ?? 0) <= seq
}

export function showRefusal(code: string, seq: number): void {
  news.value = { kind: "refused", code }
  stage.value = stands(code, seq) ? { at: "refused", code, seq } : { at: "idle" }
}

function unitsLeft({ items }: Sale): number {
  return items.reduce((sum, one) => sum + one.free + one.held, 0)
}
