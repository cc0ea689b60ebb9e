import { computed, signal } from "@preact/signals"
import type { AuditReport, Item, Node, Order, Sale } from "../../wire.ts"
import { serverTime } from "../common/clock.ts"
import type { Moment } from "./rates.ts"

/** Ten minutes, a scrape a second. */
const MOMENTS_MAX = 600
const ENTRIES_MAX = 200

export type Tone = "plain" | "good" | "warn" | "bad"

/** One line of what just happened. */
export interface Entry {
  id: number
  at: number
  text: string
  tone: Tone
}

export type Asking =
  | { kind: "kill"; node: Node }
  | { kind: "close"; sale: Sale }
  | { kind: "restock"; sale: Sale; item: Item }

export const sales = signal<readonly Sale[]>([])
export const saleId = signal<string | undefined>(undefined)
export const sale = signal<Sale | undefined>(undefined)
/** When the shown stock was last read, by the server's clock. */
export const checkedAt = signal(0)
export const reachable = signal(true)
export const nodes = signal<readonly Node[]>([])
export const orders = signal<readonly Order[]>([])
export const entries = signal<readonly Entry[]>([])
export const moments = signal<readonly Moment[]>([])
export const gateOpen = signal<boolean | undefined>(undefined)
export const violations = signal(0)
export const audit = signal<AuditReport | "running" | undefined>(undefined)
/** The dangerous action that waits for a yes. */
export const asking = signal<Asking | undefined>(undefined)

export const latest = computed(() => moments.value.at(-1))

let entryCount = 0

export function log(text: string, tone: Tone = "plain", at = serverTime()): void {
  const next = { id: ++entryCount, at, text, tone }
  entries.value = [next, ...entries.value].sort((a, b) => b.at - a.at || b.id - a.id).slice(0, ENTRIES_MAX)
}

export function addMoment(moment: Moment): void {
  moments.value = [...moments.value, moment].slice(-MOMENTS_MAX)
}

/** Takes in a sale as it stands, unless something newer is shown already. */
export function hearSale(next: Sale): void {
  if (next.id !== saleId.value) return
  const before = sale.value
  if (before?.id === next.id && next.seq < before.seq) return
  sale.value = next
  checkedAt.value = serverTime()
}

export function chooseSale(id: string): void {
  saleId.value = id
  sale.value = sales.value.find(one => one.id === id)
  orders.value = []
  audit.value = undefined
}
