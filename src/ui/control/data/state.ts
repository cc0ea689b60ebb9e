import { computed, signal } from "@preact/signals"
import type { Action, AuditReport, Item, Node, Order, Sale } from "../../../wire/wire.ts"
import { serverTime } from "../../common/clock.ts"
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
  /** The sale that it happened to; absent when it concerns every one. */
  saleId?: string
}

export type Asking =
  | { kind: "kill" | "drain"; node: Node }
  | { kind: "close"; sale: Sale }
  | { kind: "restock"; sale: Sale; item: Item }
  | { kind: "cancel"; order?: Order }
  | { kind: "create" }
  | { kind: "edit"; sale: Sale }
  | { kind: "rehearse" }

export const sales = signal<readonly Sale[]>([])
export const saleId = signal<string | undefined>(undefined)
export const sale = signal<Sale | undefined>(undefined)
/** When the shown stock was last read, by the server's clock. */
export const checkedAt = signal(0)
export const reachable = signal(true)
export const nodes = signal<readonly Node[]>([])
/** Whether nodes can be killed and drained from here. */
export const hasDrills = signal(false)
/** 99 of 100 purchases that a node answered took at most so many milliseconds. */
export const nodeP99 = signal<ReadonlyMap<string, number | null>>(new Map())
export const orders = signal<readonly Order[]>([])
export const entries = signal<readonly Entry[]>([])
export const actions = signal<readonly Action[]>([])
export const moments = signal<readonly Moment[]>([])
/** What the charts show while they are frozen. */
export const frozen = signal<readonly Moment[] | undefined>(undefined)
export const gateOpen = signal<boolean | undefined>(undefined)
/** How far the permanent record is behind. */
export const lag = signal<{ facts: number; seconds: number } | undefined>(undefined)
/** Unknown where only the worker counts them. */
export const violations = signal<number | undefined>(undefined)
export const audit = signal<AuditReport | "running" | undefined>(undefined)
/** What waits for a yes. */
export const asking = signal<Asking | undefined>(undefined)

export const latest = computed(() => moments.value.at(-1))
export const charted = computed(() => frozen.value ?? moments.value)

let entryCount = 0

export function log(text: string, tone: Tone = "plain", at = serverTime(), saleId?: string): void {
  const next = { id: ++entryCount, at, text, tone, saleId }
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
