import type { Order } from "../../../wire/wire.ts"
import type { ApiResponse } from "../../common/api.ts"

/** Why an attempt is not over. */
export type RetryReason = "unknown" | "busy" | "gate" | "offline" | "opening"

/** What an answer to an attempt means: yes, no, who are you, or not known yet. */
export type AttemptResult =
  | { kind: "order"; order: Order; node: string }
  | { kind: "refused"; code: string; seq: number; orderId?: string; retryAfterMs: number }
  | { kind: "stranger" }
  | { kind: "again"; why: RetryReason; retryAfterMs: number }

const CERTAINLY_NO_EFFECT: Record<string, RetryReason> = {
  rate_limited: "busy",
  overloaded: "busy",
  reconciling: "gate",
}

/** A press that comes this much too early, by the store's clock, is kept and sent again when it opens. */
const EARLY_MS = 5_000

/** `now` is the server's time as far as this page knows it. */
export function attemptResult(answer: ApiResponse<Order>, now: number): AttemptResult {
  const { status, body, problem, retryAfterMs } = answer
  if (status >= 200 && status < 300 && body) return { kind: "order", order: body, node: answer.node }
  if (status === 401) return { kind: "stranger" }
  const why = CERTAINLY_NO_EFFECT[problem?.code ?? ""] ?? (status === 429 ? "busy" : undefined)
  if (why) return { kind: "again", why, retryAfterMs }
  const earlyMs = problem?.opensAt ? Date.parse(problem.opensAt) - now : Number.POSITIVE_INFINITY
  if (earlyMs <= EARLY_MS) return { kind: "again", why: "opening", retryAfterMs: Math.max(0, earlyMs) }
  if (status >= 400 && status < 500) {
    const { code = "fault", seq = 0, orderId } = problem ?? {}
    return { kind: "refused", code, seq, orderId, retryAfterMs }
  }
  // Whatever else came, nobody said that it did not take effect.
  return { kind: "again", why: "unknown", retryAfterMs }
}

/** The word for an answer in the console: what the server said, or that it said nothing. */
export function outcomeWord(answer: ApiResponse<Order>): string | undefined {
  return answer.body?.state ?? answer.problem?.code ?? (answer.status > 0 ? String(answer.status) : undefined)
}
