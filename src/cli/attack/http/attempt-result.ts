import type { HttpResponse } from "./response-parser.ts"

/** `ok`: yours. `fail`: a definite no. `info`: unknown, so the request must be repeated under the same key. */
export interface AttemptResult {
  type: "ok" | "fail" | "info"
  /** 0 when nothing came back. */
  status: number
  /** The outcome word, or why there is none. */
  code: string
  orderId?: string
  state?: string
  customerId?: string
  /** The fact that the answer rests on. */
  seq?: number
  node?: string
  replayed?: true
  retryAfterSeconds?: number
}

/** Refusals that certainly changed nothing and that pass. */
const PASSING = new Set(["overloaded", "reconciling"])

export function isWorthRetrying({ type, code }: AttemptResult): boolean {
  return type === "info" || PASSING.has(code)
}

export function unanswered(code: string): AttemptResult {
  return { type: "info", status: 0, code }
}

export function parseResult(reply: HttpResponse): AttemptResult {
  const { status, node, retryAfterSeconds } = reply
  const body = fieldsOf(reply.body)
  const came = { status, node, retryAfterSeconds, seq: number(body.seq) }
  if (status === 200 || status === 201) {
    const orderId = text(body.id)
    const state = text(body.state)
    if (!orderId || !state) return { ...came, type: "info", code: "malformed" }
    const order = { type: "ok", code: state, orderId, state, customerId: text(body.customerId) } as const
    return reply.replayed ? { ...came, ...order, replayed: true } : { ...came, ...order }
  }
  const code = text(body.code)
  // A proxy's or a failing server's 5xx says nothing about what became of the purchase.
  const definite = status >= 500 ? code !== undefined && PASSING.has(code) : status >= 400
  return { ...came, type: definite ? "fail" : "info", code: code ?? `http_${status}` }
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
