import type { Order } from "../../../wire/wire.ts"
import type { ApiResponse } from "../../common/api.ts"

/** Why an attempt is sent again. */
export type RetryReason = "unknown" | "busy" | "gate" | "offline" | "opening"

/** Why the shop does not know who this browser is, although the session was renewed. */
export type StrangerCause = "cookies" | "origin" | "sign_in"

/** What a response to an attempt means: yes, no, not signed in, or not known yet. */
export type BuyResult =
  | { kind: "order"; order: Order; node: string }
  | { kind: "refused"; code: string; seq: number; orderId: string | undefined; retryAfterMs: number }
  | { kind: "unauthenticated"; cause: StrangerCause }
  | { kind: "retry"; reason: RetryReason; retryAfterMs: number }

/** Reasons of a 401. With any other, the browser did not keep the cookie that the renewal set. */
const CAUSES: Record<string, StrangerCause> = { origin: "origin", anonymous: "sign_in" }

/** Problem codes after which the attempt certainly had no effect. */
const NO_EFFECT: Record<string, RetryReason> = { rate_limited: "busy", overloaded: "busy", reconciling: "gate" }

/** An attempt that is at most this early by the store's clock is kept and sent again at the opening. */
const EARLY_MS = 5_000

/** `now` is the server's time as far as this page knows it. */
export function buyResult(response: ApiResponse<Order>, now: number): BuyResult {
  const { status, body, problem, retryAfterMs } = response
  if (status >= 200 && status < 300 && body) return { kind: "order", order: body, node: response.node }
  if (status === 401) return { kind: "unauthenticated", cause: CAUSES[problem?.reason ?? ""] ?? "cookies" }
  const reason = NO_EFFECT[problem?.code ?? ""] ?? (status === 429 ? "busy" : undefined)
  if (reason) return { kind: "retry", reason, retryAfterMs }
  const earlyMs = problem?.opensAt ? Date.parse(problem.opensAt) - now : Number.POSITIVE_INFINITY
  if (earlyMs <= EARLY_MS) return { kind: "retry", reason: "opening", retryAfterMs: Math.max(0, earlyMs) }
  if (status >= 400 && status < 500) {
    const { code = "fault", seq = 0, orderId } = problem ?? {}
    return { kind: "refused", code, seq, orderId, retryAfterMs }
  }
  // Any other response leaves open whether the attempt took effect.
  return { kind: "retry", reason: "unknown", retryAfterMs }
}

/** The word for a response in the console: the order's state or the problem's code; undefined if none came. */
export function outcomeWord(response: ApiResponse<Order>): string | undefined {
  return response.body?.state ?? response.problem?.code ?? (response.status > 0 ? String(response.status) : undefined)
}
