import type { CredentialStore } from "../../core/ports/credentials.ts"
import type { Inventory, Notice } from "../../core/ports/inventory.ts"
import type { Logbook } from "../../core/ports/logbook.ts"
import type { Nodes } from "../../core/ports/nodes.ts"
import type { Seals } from "../../core/ports/seals.ts"
import { isMetricFamily, type MetricFamily } from "../../observability/metric-family.ts"
import type { FlatAnswers, FlatAttempts } from "./attempts.ts"

/** What a replica may ask of its supervisor. */
export interface SupervisorApi
  extends Pick<Inventory, "decide" | "sales" | "order" | "orders" | "facts" | "clock">,
    Pick<Nodes, "nodes" | "kill" | "drain" | "metrics" | "allMetrics">,
    Logbook,
    CredentialStore {
  /** `decide`, for attempts to buy. */
  buy(attempts: FlatAttempts): Promise<FlatAnswers>
  /** The supervisor's elapsed time. */
  elapsed(): Promise<number>
  sealsAfter: Seals["pageAfter"]
}

export type Method = keyof SupervisorApi

/** Every method. A read that times out had no effect; a change that times out may still happen. */
export const METHODS: Readonly<Record<Method, "read" | "change">> = {
  decide: "change",
  buy: "change",
  sales: "read",
  order: "read",
  orders: "read",
  facts: "read",
  clock: "read",
  elapsed: "read",
  sealsAfter: "read",
  nodes: "read",
  kill: "change",
  drain: "change",
  metrics: "read",
  allMetrics: "read",
  enter: "change",
  entries: "read",
  addFailures: "change",
  failures: "read",
  credentials: "read",
  addCredential: "change",
  revokeCredential: "change",
  endSession: "change",
}

/** How long a replica waits for a reply. Purchases are answered sooner, by their own `notAfter`. */
export const REPLY_MAX_MS = { read: 5_000, change: 10_000 } as const

export type Call = {
  [M in Method]: { type: "call"; id: number; method: M; args: Parameters<SupervisorApi[M]> }
}[Method]

export type ToSupervisor =
  | Call
  | { type: "ready" }
  /** The replica could not start and ends now. `reason` is one sentence. */
  | { type: "failed"; reason: string }
  /** The replica acts on the notice with this `id`. */
  | { type: "acknowledged"; id: number }
  | HeartbeatMessage
  /** The replica's metrics, sent periodically and as the answer to `collect`. */
  | { type: "series"; id?: number; series: MetricFamily[] }

/** Whether a message has the form of its type. The arguments of a call are for its handler to check. */
export function isToSupervisor(message: unknown): message is ToSupervisor {
  if (typeof message !== "object" || message === null) return false
  const { type, id, method, args, reason, memoryBytes, requests, series } = message as Record<string, unknown>
  switch (type) {
    case "ready":
      return true
    case "call":
      return typeof id === "number" && typeof method === "string" && Array.isArray(args)
    case "acknowledged":
      return typeof id === "number"
    case "failed":
      return typeof reason === "string"
    case "heartbeat":
      return typeof memoryBytes === "number" && typeof requests === "number"
    case "series":
      return Array.isArray(series) && series.every(isMetricFamily)
    default:
      return false
  }
}

/** Sent every `HEARTBEAT_MS` once the replica is ready. */
export interface HeartbeatMessage {
  type: "heartbeat"
  memoryBytes: number
  /** Requests answered since the process began. */
  requests: number
}

export type ToReplica =
  | { type: "reply"; id: number; value: unknown }
  | { type: "fault"; id: number; message: string; certain: boolean }
  /** With `id`, the replica answers `acknowledged`. `holders` is base64. */
  | { type: "notice"; id?: number; sale: Notice["sale"]; holders?: string }
  /** The supervisor's elapsed time, which shows the replica how far it is ahead of its own. Sent first, then often. */
  | { type: "elapsed"; ms: number }
  /** The replica has a notice of every sale and may start to serve as part of this system. */
  | { type: "begin"; systemId: string }
  /** Asks for `series`. */
  | { type: "collect"; id: number }
  | { type: "drain" }

/** A ready replica that sends no heartbeat for this long is killed and replaced. */
export const REPLICA_HUNG_MS = 2000
/** How often a replica sends its series without being asked, so that a kill loses little. */
export const SERIES_EVERY_MS = 2000

/** One end of a connection between a supervisor and a replica. */
export interface Port<Out> {
  send(message: Out): void
}
