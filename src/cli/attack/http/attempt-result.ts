import type { HttpResponse } from "./response-parser.ts"

interface Told {
  /** 0 when no response came. */
  status: number
  /** The outcome word, or the reason why there is none. */
  code: string
  /** The number of the fact that the answer is based on. */
  seq?: number | undefined
  node?: string | undefined
  retryAfterSeconds?: number | undefined
}

interface Won extends Told {
  type: "ok"
  orderId: string
  state: string
  customerId?: string | undefined
  replayed?: true
}

interface Refused extends Told {
  type: "fail"
}

/** No usable response: repeat the request under the same key. */
interface Unknown extends Told {
  type: "info"
}

/** What one purchase request brought: an order, a definite no, or an unknown outcome. */
export type AttemptResult = Won | Refused | Unknown

/** Refusals that changed nothing and may be over soon. */
const TEMPORARY = new Set(["overloaded", "reconciling"])

export function isWorthRetrying({ type, code }: AttemptResult): boolean {
  return type === "info" || TEMPORARY.has(code)
}

/** `reason`: why no usable response came. */
export function unanswered(reason: string): AttemptResult {
  return { type: "info", status: 0, code: reason }
}

export function parseResult(response: HttpResponse): AttemptResult {
  const { status, node, retryAfterSeconds } = response
  const body = fieldsOf(response.body)
  const told = { status, node, retryAfterSeconds, seq: number(body.seq) }
  if (status === 200 || status === 201) {
    const orderId = text(body.id)
    const state = text(body.state)
    if (!orderId || !state) return { ...told, type: "info", code: "malformed" }
    const won: Won = { ...told, type: "ok", code: state, orderId, state, customerId: text(body.customerId) }
    return response.replayed ? { ...won, replayed: true } : won
  }
  const code = text(body.code)
  // A 5xx of a proxy or of a failing server does not say what became of the purchase.
  const isDefinite = status >= 500 ? code !== undefined && TEMPORARY.has(code) : status >= 400
  return { ...told, type: isDefinite ? "fail" : "info", code: code ?? `http_${status}` }
}

function fieldsOf(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined
}

function number(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined
}
