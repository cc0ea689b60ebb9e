/** The history contradicts itself, or is malformed. The message is one sentence. */
export class HistoryError extends Error {
  override name = "HistoryError"
}

/** A purchase request, recorded before its bytes were sent. `t` is in microseconds on one monotonic clock. */
export interface Invocation {
  type: "invoke"
  op: number
  t: number
  sale: string
  customer: string
  key: string
  sku: string
  quantity: number
}

/** How a request ended: `ok` with an order, `fail` with a definite refusal, `info` with an unknown outcome. */
export interface Completion {
  type: "ok" | "fail" | "info"
  op: number
  t: number
  status?: number | undefined
  code?: string | undefined
  orderId?: string | undefined
  state?: string | undefined
  /** The fact that the answer names: the order's last one, or the sale's last one if it was a refusal. */
  seq?: number | undefined
  node?: string | undefined
  replayed?: boolean | undefined
}

export type HistoryLine = Invocation | Completion

const TYPES: readonly unknown[] = ["invoke", "ok", "fail", "info"]

/** Throws a `HistoryError` for a malformed line. */
export function parseHistoryLine(text: string): HistoryLine {
  const line = JSON.parse(text) as { type?: unknown; op?: unknown; t?: unknown }
  if (!TYPES.includes(line.type) || !Number.isSafeInteger(line.op) || !Number.isFinite(line.t)) {
    throw new HistoryError(`This is not a line of a history: ${text.slice(0, 200)}`)
  }
  return line as HistoryLine
}

/** Matches the two lines of each request to one sale, and keeps the requests that have no answer yet. */
export class Requests {
  readonly #waiting = new Map<number, Invocation | undefined>()
  #count = 0

  constructor(private readonly saleId: string) {}

  get count(): number {
    return this.#count
  }

  /** Returns true if the request is for this sale. */
  sent(invocation: Invocation): boolean {
    if (this.#waiting.has(invocation.op)) throw new HistoryError(`The history sends op ${invocation.op} twice.`)
    const ours = invocation.sale === this.saleId
    if (ours) this.#count++
    this.#waiting.set(invocation.op, ours ? invocation : undefined)
    return ours
  }

  /** The request that this completes, or undefined if it was for another sale. */
  answered(completion: Completion): Invocation | undefined {
    if (!this.#waiting.has(completion.op))
      throw new HistoryError(`The history answers op ${completion.op}, which was not sent.`)
    const invocation = this.#waiting.get(completion.op)
    this.#waiting.delete(completion.op)
    return invocation
  }
}

/** `op 17 (cust-4 at node-2)`. */
export function describeRequest(invocation: Invocation, completion: Completion): string {
  return `op ${invocation.op} (${invocation.customer}${completion.node ? ` at ${completion.node}` : ""})`
}
