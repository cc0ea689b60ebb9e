import { computed, signal } from "@preact/signals"
import type { Item, Order, Sale } from "../../../wire/wire.ts"
import { clock } from "../../common/time.ts"
import type { RetryReason, StrangerCause } from "../purchase/buy-result.ts"
import { type Phase, phaseOf } from "./phase.ts"

/** The state of this buyer's own attempt. While it is `idle`, the sale's phase says what can be done. */
export type AttemptState =
  | { status: "idle" }
  | { status: "loading_order" }
  | { status: "securing"; slow: boolean }
  | { status: "waiting"; reason: RetryReason }
  | { status: "gave_up" }
  /** The session ended before the outcome was known, so the outcome can no longer be asked for. */
  | { status: "session_lost" }
  /** The shop does not know who this browser is, even after a renewal. `uncertain`: an earlier try may have bought. */
  | { status: "stranger"; cause: StrangerCause; uncertain: boolean }
  /** This browser had an order that the shop no longer shows to it. */
  | { status: "order_lost"; orderId: string }
  | { status: "refused"; code: string; seq: number; backAt: number | undefined }
  | { status: "order"; order: Order; node: string; already: boolean }

/** Something that is announced once: as a toast, and to screen readers. */
export type Announcement =
  | { kind: "order"; order: Order; node: string }
  | { kind: "refused"; code: string }
  | { kind: "event"; event: "opened" | "returned" | "online" | "copied" }

/** One request of this page, as the console shows it. */
interface ConsoleLine {
  time: number
  node: string
  outcome: string | undefined
  replayed: boolean
  succeeded: boolean
  ms: number
}

export const sales = signal<readonly Sale[]>([])
export const sale = signal<Sale | undefined>(undefined)
/** Why no sale is shown yet. */
export const loadState = signal<"loaded" | "loading" | "unreachable" | "unknown_sale" | "no_sale">("loading")
export const connected = signal(false)
/** True after the connection was lost: the stock shown may be out of date. */
export const stale = signal(false)
export const online = signal(navigator.onLine)
export const chosenSku = signal<string | undefined>(undefined)
export const attemptState = signal<AttemptState>({ status: "idle" })
export const announcement = signal<Announcement | undefined>(undefined)
export const consoleLines = signal<readonly ConsoleLine[]>([])

const CONSOLE_LINES_MAX = 50

export function addLine(line: ConsoleLine): void {
  consoleLines.value = [line, ...consoleLines.value].slice(0, CONSOLE_LINES_MAX)
}

export const item = computed(() => sale.value?.items.find(one => one.sku === chosenSku.value))

/** The sale on the page. Only for components that are shown once a sale is loaded. */
export function currentSale(): Sale {
  if (!sale.value) throw new Error("No sale is loaded.")
  return sale.value
}

/** The chosen item. Only for components that are shown once a sale is loaded. */
export function currentItem(): Item {
  if (!item.value) throw new Error("No sale is loaded.")
  return item.value
}

export const phase = computed<Phase | undefined>(() =>
  sale.value && item.value ? phaseOf(sale.value, item.value, clock.value) : undefined,
)

/** True while an item is being bought and once it is bought: the choice can no longer change. */
export const choiceLocked = computed(
  () => !["idle", "refused", "session_lost", "stranger"].includes(attemptState.value.status),
)

/** Whether every unit of every item is sold, so that none can come back. */
export const isGone = ({ items }: Sale) => items.every(({ free, held }) => free + held === 0)
export const allGone = computed(() => sale.value !== undefined && isGone(sale.value))

/** Milliseconds from the opening until the sale was sold out. */
export const soldOutMs = computed(() => {
  const { soldOutAt, opensAt } = sale.value ?? {}
  return soldOutAt && opensAt ? Math.max(0, Date.parse(soldOutAt) - Date.parse(opensAt)) : undefined
})

/** Shows a newer state of the sale. Older states are ignored. */
export function updateSale(next: Sale): void {
  const before = sale.value
  if (before && (next.seq < before.seq || (next.seq === before.seq && next.now < before.now))) return
  // The item is chosen only once: one that sells out must not change into another under the buyer's finger.
  chosenSku.value ??= (next.items.find(one => one.free > 0) ?? next.items[0])?.sku
  const wasHeld = phase.value === "all_held"
  sale.value = next
  const attempt = attemptState.value
  if (attempt.status === "refused" && !stillApplies(attempt.code, attempt.seq)) attemptState.value = { status: "idle" }
  if (wasHeld && phase.value === "open" && attemptState.value.status === "idle") {
    announcement.value = { kind: "event", event: "returned" }
  }
}

/** Whether a refusal is at least as new as the sale's state. Once the state is newer, it says more than the refusal. */
function stillApplies(code: string, seq: number): boolean {
  if (code === "limit_reached") return true
  return code !== "sale_not_open" && (sale.value?.seq ?? 0) <= seq
}

export function showRefusal(code: string, seq: number, backAt?: number): void {
  announcement.value = { kind: "refused", code }
  attemptState.value = stillApplies(code, seq) ? { status: "refused", code, seq, backAt } : { status: "idle" }
}
