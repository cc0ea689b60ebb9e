import type { Notice } from "../../core/ports/inventory.ts"
import type { Series } from "../../observability/series.ts"

/** What a replica asks of its supervisor. */
export const METHODS = [
  "decide",
  "sales",
  "order",
  "orders",
  "facts",
  "nodes",
  "kill",
  "drain",
  "metrics",
  "enter",
  "entries",
] as const
export type Method = (typeof METHODS)[number]

export type ToSupervisor =
  | { type: "call"; id: number; method: Method; args: unknown[] }
  | { type: "ready" }
  | { type: "seen"; id: number }
  | Beat
  | { type: "report"; id?: number; series: Series[] }

/** Sent every `BEAT_MS` once ready. A replica without a beat for `HUNG_MS` is killed and replaced. */
export interface Beat {
  type: "beat"
  memoryBytes: number
  /** Requests answered since the process began. */
  requests: number
}

export type ToReplica =
  | { type: "reply"; id: number; value: unknown }
  | { type: "fault"; id: number; message: string; certain: boolean }
  /** With `id`, the replica answers `seen` once it acts on it. `holders` is base64. */
  | { type: "notice"; id?: number; sale: Notice["sale"]; holders?: string }
  /** Every sale has been told. */
  | { type: "begin" }
  | { type: "report"; id: number }
  | { type: "drain" }

export const HUNG_MS = 2000
export const REPORT_MS = 2000

/** One end of a connection between a supervisor and a replica. */
export interface Port<Out> {
  send(message: Out): void
}
