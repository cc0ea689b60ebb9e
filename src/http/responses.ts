import type { Answer } from "../core/command.ts"
import type { Refusal } from "../core/outcome.ts"
import { InventoryFault } from "../core/ports/inventory.ts"
import type { Log } from "../observability/log.ts"
import type { Problem } from "../wire/wire.ts"
import { FAULT_DETAIL, type TokenFault } from "./auth/token-fault.ts"
import type { Malformed } from "./purchase/body.ts"
import type { RefusalLog } from "./refusal-log.ts"

/** The HTTP status and the sentence of each refusal. A refusal without a row here does not compile. */
const REFUSED: Record<Refusal, [status: number, detail: string]> = {
  invalid_request: [400, "The request is malformed."],
  unauthorized: [401, "A valid token is needed."],
  sale_unknown: [404, "There is no such sale or item."],
  order_unknown: [404, "There is no such order."],
  key_reused: [422, "This idempotency key belongs to another request."],
  sale_not_open: [409, "The sale has not opened yet."],
  sale_paused: [409, "The sale is paused."],
  sale_closed: [409, "The sale is closed."],
  not_admitted: [403, "The waiting room has not admitted this customer."],
  limit_reached: [409, "This would exceed the limit per customer."],
  all_held: [409, "Every unit is held; some may come back."],
  sold_out: [409, "Every unit is sold."],
  order_released: [409, "The order has been released."],
  order_confirmed: [409, "The order is confirmed already."],
  sale_exists: [409, "There is a sale with this id already."],
  version_conflict: [412, "The sale has been changed since: read it, then try again."],
  rate_limited: [429, "Too many requests."],
  overloaded: [503, "Too busy. This attempt had no effect; try again."],
  reconciling: [503, "Stock is being checked. This attempt had no effect; try again."],
  outcome_unknown: [503, "It may have taken effect: try again with the same idempotency key."],
}

const RETRY_AFTER_SECONDS = 1

const LOCKED = "Too many wrong tokens came from here, and this is another. A right one enters at once."

const CONFLICTS = {
  name_taken: "There is an operator or a backend with this name already.",
  too_many: "There are 200 operators and backends already; revoke one first.",
}

/** Members of a problem that only some refusals have. */
export type Extra = Partial<Pick<Problem, "reason" | "path" | "seq" | "free" | "opensAt" | "orderId" | "detail">>

/** Makes the responses of one replica: each names it, and none may be cached unless it says so. */
export class Responses {
  readonly #always: Record<string, string>
  readonly #json: Headers
  readonly #problem: Headers
  #lastProblem: { answer: Answer; text: string } | undefined

  /** `refusals` hears of every problem that is sent. */
  constructor(
    readonly nodeId: string,
    private readonly refusals?: Pick<RefusalLog, "count">,
  ) {
    this.#always = { "X-Served-By": nodeId, "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store" }
    this.#json = new Headers({ ...this.#always, "Content-Type": "application/json" })
    this.#problem = new Headers({ ...this.#always, "Content-Type": "application/problem+json" })
  }

  json(body: unknown, status = 200, headers?: Record<string, string>): Response {
    return new Response(JSON.stringify(body), { status, headers: this.#with(this.#json, headers) })
  }

  text(body: string | Uint8Array<ArrayBuffer>, type: string, headers?: Record<string, string>): Response {
    return new Response(body, { headers: { ...this.#always, "Content-Type": type, ...headers } })
  }

  /** An answer that has headers only. */
  empty(status: number, headers: Record<string, string>): Response {
    return new Response(null, { status, headers: { ...this.#always, ...headers } })
  }

  stream(body: ReadableStream | null, type: string, headers?: Record<string, string>): Response {
    return new Response(body, { headers: { ...this.#always, "Content-Type": type, ...headers } })
  }

  refusal(code: Refusal, extra?: Extra, headers?: Record<string, string>): Response {
    return this.#send(problemOf(code, extra), merged(retryAfter(code, RETRY_AFTER_SECONDS), headers))
  }

  /** The response to a command that was refused. `now` is in milliseconds since 1970. */
  refused(answer: Answer, now: number, headers?: Record<string, string>): Response {
    const code = answer.outcome as Refusal
    const seconds = answer.retryAt === undefined ? RETRY_AFTER_SECONDS : Math.ceil((answer.retryAt - now) / 1000)
    const more = merged(retryAfter(code, Math.max(RETRY_AFTER_SECONDS, seconds)), headers)
    if (code === "rate_limited") this.refusals?.count({ status: REFUSED[code][0], code })
    return new Response(this.#textOf(answer), { status: REFUSED[code][0], headers: this.#with(this.#problem, more) })
  }

  /** Refuses a request that no customer sent, and says why (RFC 6750). */
  unauthorized(fault: TokenFault = "missing"): Response {
    const challenge = fault === "missing" ? "Bearer" : `Bearer error="invalid_token", error_description="${fault}"`
    const extra = { detail: FAULT_DETAIL[fault], reason: fault }
    return this.#send(problemOf("unauthorized", extra), { "WWW-Authenticate": challenge })
  }

  malformed({ tooLarge, path, detail }: Malformed): Response {
    return tooLarge ? this.tooLarge(tooLarge) : this.refusal("invalid_request", { path, detail })
  }

  /** Refuses a wrong token of an address that sent too many. It may try another after `seconds`. */
  locked(seconds: number): Response {
    const problem = problemOf("rate_limited", { detail: LOCKED })
    return this.#send(problem, { "Retry-After": String(seconds) })
  }

  /** Refuses an operator or a backend who is known and may not do this. */
  forbidden(needs: string, headers?: Record<string, string>): Response {
    const detail = `This needs ${needs}.`
    return this.#send({ type: "/docs", title: "forbidden", status: 403, detail, code: "forbidden" }, headers)
  }

  /** Refuses to make a credential. */
  conflict(code: keyof typeof CONFLICTS): Response {
    const title = code.replaceAll("_", " ")
    return this.#send({ type: "/docs", title, status: 409, detail: CONFLICTS[code], code })
  }

  notFound(): Response {
    return this.#send({
      type: "/docs",
      title: "not found",
      status: 404,
      detail: "There is nothing here.",
      code: "not_found",
    })
  }

  /** Says that this system is not set up for what is asked. */
  notOffered(detail: string): Response {
    return this.#send({ type: "/docs", title: "not offered", status: 404, detail, code: "not_offered" })
  }

  /** Refuses a method that this path does not have; `allowed` are those that it has. */
  methodNotAllowed(allowed: readonly string[]): Response {
    const detail = `Here is only ${allowed.join(", ")}.`
    const problem = { type: "/docs", title: "method not allowed", status: 405, detail, code: "method_not_allowed" }
    return this.#send(problem, { Allow: allowed.join(", ") })
  }

  options(allowed: readonly string[]): Response {
    return this.empty(204, { Allow: allowed.join(", ") })
  }

  tooLarge(bytesMax: number): Response {
    const detail = `The body is larger than ${bytesMax / 1024} KiB.`
    return this.#send({ type: "/docs", title: "too large", status: 413, detail, code: "too_large" })
  }

  /** Copying `Headers` is faster than making them from an object. */
  #with(made: Headers, more: Record<string, string> | undefined): Headers {
    if (!more) return made
    const headers = new Headers(made)
    for (const name in more) {
      const value = more[name]
      if (value !== undefined) headers.set(name, value)
    }
    return headers
  }

  /** All refusals from memory share one answer per sale, so its text is written once. */
  #textOf(answer: Answer): string {
    if (this.#lastProblem?.answer !== answer) {
      this.#lastProblem = { answer, text: JSON.stringify(problemOf(answer.outcome as Refusal, extraOf(answer))) }
    }
    return this.#lastProblem.text
  }

  #send(problem: Problem, headers?: Record<string, string>): Response {
    this.refusals?.count(problem)
    const init = { status: problem.status, headers: this.#with(this.#problem, headers) }
    return new Response(JSON.stringify(problem), init)
  }
}

/** The HTTP status of a refusal. */
export function statusOf(code: Refusal): number {
  return REFUSED[code][0]
}

/** The refusal for an error that was thrown. An error that is no fault of the store is logged, because it is a bug. */
export function refusalOf(error: unknown, log: Pick<Log, "error">): Refusal {
  if (error instanceof InventoryFault) return error.certain ? "overloaded" : "outcome_unknown"
  const { message, stack } = error as Error
  log.error({ error: message, stack }, "unexpected")
  return "outcome_unknown"
}

function problemOf(code: Refusal, extra?: Extra): Problem {
  const [status, detail] = REFUSED[code]
  return { type: `/docs#${code}`, title: code.replaceAll("_", " "), status, detail, code, ...extra }
}

function extraOf({ outcome, seq, free, retryAt, order, detail }: Answer): Extra {
  return {
    ...(detail && { detail }),
    ...(seq !== undefined && { seq }),
    ...(free !== undefined && { free }),
    ...(outcome === "sale_not_open" && retryAt !== undefined && { opensAt: new Date(retryAt).toISOString() }),
    ...(order && { orderId: order.id }),
  }
}

/** Retry-After, for the refusals that may be over by then. */
function retryAfter(code: Refusal, seconds: number): Record<string, string> | undefined {
  const [status] = REFUSED[code]
  return status === 503 || status === 429 || code === "all_held" ? { "Retry-After": String(seconds) } : undefined
}

function merged(one?: Record<string, string>, other?: Record<string, string>): Record<string, string> | undefined {
  return one && other ? { ...one, ...other } : (one ?? other)
}
