/** The history contradicts itself or is none; one sentence. */
export class HistoryError extends Error {
  override name = "HistoryError"
}

/** A purchase request, written down before its bytes were sent. `t` is in microseconds of one monotonic clock. */
export interface Invoke {
  type: "invoke"
  op: number
  t: number
  sale: string
  customer: string
  key: string
  sku: string
  quantity: number
}

/** How it ended: with an order, with a definite refusal, or nobody knows. */
export interface Reply {
  type: "ok" | "fail" | "info"
  op: number
  t: number
  status?: number
  code?: string
  orderId?: string
  state?: string
  /** The fact that the answer names: the last of the order, or the last of the sale when it refused. */
  seq?: number
  node?: string
  replayed?: boolean
}

export type HistoryLine = Invoke | Reply

const TYPES: readonly unknown[] = ["invoke", "ok", "fail", "info"]

/** Throws one sentence for a line that is none. */
export function parseHistoryLine(text: string): HistoryLine {
  const line = JSON.parse(text) as { type?: unknown; op?: unknown; t?: unknown }
  if (!TYPES.includes(line.type) || !Number.isSafeInteger(line.op) || !Number.isFinite(line.t)) {
    throw new HistoryError(`This is no line of a history: ${text.slice(0, 200)}`)
  }
  return line as HistoryLine
}

/** The requests that still wait for their reply. Matches the two lines of each request to one sale. */
export class Requests {
  readonly #waiting = new Map<number, Invoke | undefined>()
  #count = 0

  constructor(private readonly saleId: string) {}

  get count(): number {
    return this.#count
  }

  /** True if the request is for this sale. */
  sent(invoke: Invoke): boolean {
    if (this.#waiting.has(invoke.op)) throw new HistoryError(`The history sends op ${invoke.op} twice.`)
    const ours = invoke.sale === this.saleId
    if (ours) this.#count++
    this.#waiting.set(invoke.op, ours ? invoke : undefined)
    return ours
  }

  /** The request that a reply answers; undefined when it was for another sale. */
  answered(reply: Reply): Invoke | undefined {
    if (!this.#waiting.has(reply.op)) throw new HistoryError(`The history answers op ${reply.op}, which was not sent.`)
    const invoke = this.#waiting.get(reply.op)
    this.#waiting.delete(reply.op)
    return invoke
  }
}

/** `op 17 (cust-4 at node-2)`. */
export function naming(invoke: Invoke, reply: Reply): string {
  return `op ${invoke.op} (${invoke.customer}${reply.node ? ` at ${reply.node}` : ""})`
}
