import { computed, signal } from "@preact/signals"
import type { Action, AuditReport, FailedSignIns, Item, Node, Order, Sale } from "../../../wire/wire.ts"
import { serverTime } from "../../common/time.ts"
import type { MetricsPoint } from "./rates.ts"

/** Ten minutes at one scrape per second. */
const POINTS_MAX = 600
const LOG_LINES_MAX = 200

export type Tone = "plain" | "good" | "warn" | "bad"

/** One line of the log. */
interface LogLine {
  id: number
  at: number
  text: string
  tone: Tone
  /** The sale that the line is about; absent if it concerns all of them. */
  saleId: string | undefined
}

export type DialogRequest =
  | { kind: "kill" | "drain"; node: Node }
  | { kind: "close"; sale: Sale }
  | { kind: "restock"; sale: Sale; item: Item }
  | { kind: "cancel"; order?: Order | undefined }
  | { kind: "create" }
  | { kind: "edit"; sale: Sale }
  | { kind: "rehearse" }
  | { kind: "operators" }

export const sales = signal<readonly Sale[]>([])
export const saleId = signal<string | undefined>(undefined)
export const sale = signal<Sale | undefined>(undefined)
/** When the shown stock was last read, by the server's clock. */
export const checkedAt = signal(0)
export const serverReachable = signal(true)
export const nodes = signal<readonly Node[]>([])
/** Whether this system lets an administrator kill and drain its nodes. */
export const hasDrills = signal(false)
/** The 99th percentile of purchase times by node, in milliseconds; null if the node answered none. */
export const nodeP99 = signal<ReadonlyMap<string, number | null>>(new Map())
export const orders = signal<readonly Order[]>([])
export const logLines = signal<readonly LogLine[]>([])
export const actions = signal<readonly Action[]>([])
export const failedSignIns = signal<readonly FailedSignIns[]>([])
export const points = signal<readonly MetricsPoint[]>([])
/** What the charts show while they are frozen. */
export const frozenPoints = signal<readonly MetricsPoint[] | undefined>(undefined)
export const gateOpen = signal<boolean | undefined>(undefined)
/** The last jump of the store's clock; 0 seconds if there was none for ten minutes. */
export const clockJump = signal({ seconds: 0, isInDoubt: false })
/** How far the ledger is behind the journal. */
export const lag = signal<{ facts: number; seconds: number } | undefined>(undefined)
/** Undefined if this system's replicas do not count them. */
export const violations = signal<number | undefined>(undefined)
export const audit = signal<AuditReport | "running" | undefined>(undefined)
/** The dialog that is open. */
export const dialogRequest = signal<DialogRequest | undefined>(undefined)

export const latestPoint = computed(() => points.value.at(-1))
export const chartPoints = computed(() => frozenPoints.value ?? points.value)

let lineCount = 0

export function addLogLine(text: string, tone: Tone = "plain", at = serverTime(), about?: string): void {
  const line = { id: ++lineCount, at, text, tone, saleId: about }
  logLines.value = [line, ...logLines.value].sort((a, b) => b.at - a.at || b.id - a.id).slice(0, LOG_LINES_MAX)
}

export function addPoint(point: MetricsPoint): void {
  points.value = [...points.value, point].slice(-POINTS_MAX)
}

export function openDialog(dialog: DialogRequest): void {
  dialogRequest.value = dialog
}

/** Shows a newer state of the sale that is shown. Older states and other sales are ignored. */
export function updateSale(next: Sale): void {
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
