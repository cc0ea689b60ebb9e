import { computed, signal } from "@preact/signals"
import type { Order, Sale } from "../../../wire/wire.ts"
import { clock } from "../../common/clock.ts"
import type { RetryReason } from "../purchase/attempt-result.ts"
import { type Phase, phaseOf } from "./phase.ts"

/** How this buyer's own attempt stands. `idle`: the sale itself says what can be done. */
export type AttemptState =
  | { at: "idle" }
  | { at: "recalling" }
  | { at: "securing"; slow: boolean }
  | { at: "waiting"; why: RetryReason }
  | { at: "gave_up" }
  /** Whoever asked is nobody any more, so what the last attempt came to cannot be asked for. */
  | { at: "session_lost" }
  | { at: "refused"; code: string; seq: number; backAt?: number }
  | { at: "order"; order: Order; node: string; already: boolean }

/** What is told once: as a toast, and aloud to those who listen. */
export type Announcement =
  | { kind: "order"; order: Order; node: string }
  | { kind: "refused"; code: string }
  | { kind: "event"; what: "opened" | "returned" | "online" | "copied" }

/** One request of this page, as the console shows it. */
export interface ConsoleLine {
  time: number
  node: string
  word: string | undefined
  again: boolean
  good: boolean
  ms: number
}

export const sales = signal<readonly Sale[]>([])
export const sale = signal<Sale | undefined>(undefined)
export const loadState = signal<"none" | "loading" | "unreachable" | "unknown_sale" | "nothing">("loading")
export const connected = signal(false)
/** What is shown was heard before the connection was lost. */
export const stale = signal(false)
export const online = signal(navigator.onLine)
export const chosenSku = signal<string | undefined>(undefined)
export const attemptState = signal<AttemptState>({ at: "idle" })
export const announcement = signal<Announcement | undefined>(undefined)
export const consoleLines = signal<readonly ConsoleLine[]>([])

const CONSOLE_LINES_MAX = 50

export function addLine(line: ConsoleLine): void {
  consoleLines.value = [line, ...consoleLines.value].slice(0, CONSOLE_LINES_MAX)
}

export const item = computed(() => sale.value?.items.find(one => one.sku === chosenSku.value))

export const phase = computed<Phase | undefined>(() =>
  sale.value && item.value ? phaseOf(sale.value, item.value, clock.value) : undefined,
)

/** What is bought is no longer a question: it is being bought, or it has been. */
export const choiceLocked = computed(() => !["idle", "refused", "session_lost"].includes(attemptState.value.at))

/** Nothing is left of any item, and nothing can come back. */
export const isGone = ({ items }: Sale) => items.every(({ free, held }) => free + held === 0)
export const allGone = computed(() => sale.value !== undefined && isGone(sale.value))

/** How long the sale took to sell out. */
export const soldOutMs = computed(() => {
  const { soldOutAt, opensAt } = sale.value ?? {}
  return soldOutAt && opensAt ? Math.max(0, Date.parse(soldOutAt) - Date.parse(opensAt)) : undefined
})

/** Takes in what the server says of the sale, unless something newer was heard already. */
export function updateSale(next: Sale): void {
  const before = sale.value
  if (before && (next.seq < before.seq || (next.seq === before.seq && next.now < before.now))) return
  // Chosen once: what sells out must not turn into something else under the buyer's finger.
  chosenSku.value ??= (next.items.find(one => one.free > 0) ?? next.items[0])?.sku
  const wasHeld = phase.value === "all_held"
  sale.value = next
  const told = attemptState.value
  if (told.at === "refused" && !stillApplies(told.code, told.seq)) attemptState.value = { at: "idle" }
  if (wasHeld && phase.value === "open" && attemptState.value.at === "idle")
    announcement.value = { kind: "event", what: "returned" }
}

/** Whether a refusal still says more than the sale itself: once the sale's own news has passed it, it does not. */
function stillApplies(code: string, seq: number): boolean {
  if (code === "limit_reached") return true
  return code !== "sale_not_open" && (sale.value?.seq ?? 0) <= seq
}

export function showRefusal(code: string, seq: number, backAt?: number): void {
  announcement.value = { kind: "refused", code }
  attemptState.value = stillApplies(code, seq) ? { at: "refused", code, seq, backAt } : { at: "idle" }
}
