import type { Answer, Reserve } from "../../core/command.ts"
import { isSuccess, type Refusal } from "../../core/outcome.ts"
import { isId, type PurchaseRequest } from "../../wire/wire.ts"
import { orderToWire } from "../api/mapping.ts"
import { cookiesForHold, withCookies } from "../auth/customer-sessions.ts"
import type { RequestContext } from "../context.ts"
import { sharedWithOthers } from "../cors.ts"
import { ATTEMPT_MAX_MS } from "./admission.ts"
import { OVERLOADED } from "./batcher.ts"
import { BROKEN_OFF, textOf } from "./body.ts"
import { parsePurchase } from "./purchase-body.ts"

/** How late an attempt is said to be at most: enough for every store, whose clock may differ a little. */
const LATE_MS = 60_000

const QUOTED = /^"(.+)"$/
const CLOSE = { Connection: "close" }
const REFUSED_EARLY: Record<number, Refusal> = { 401: "unauthorized", 503: "overloaded" }
export const REPLAYED = { "Idempotency-Replayed": "true" }

/**
 * Answers `POST /api/v1/sales/:saleId/orders`:
 *
 * 1. while too many wait, refuse it before its body is read (`shed`; admission.ts);
 * 2. read the request: body, idempotency key, customer (`readReserve`; ../auth/authenticator.ts);
 * 3. refuse it from memory where the store would certainly refuse it (`attempt`; sale-cache.ts);
 * 4. otherwise decide it in the store, together with others (`attempt`; batcher.ts);
 * 5. write the response (`respond`; ../responses.ts) and count it (`Measurement`).
 *
 * Every purchase runs through here, so a step allocates and awaits no more than it must.
 */
export async function purchase(context: RequestContext, request: Request, saleId: string): Promise<Response> {
  const arrivedAt = context.arrivals.of(request.headers)
  const measurement = new Measurement(context, request, saleId)
  if (context.batcher.isPressed && isShed(context, request, saleId)) {
    const response = context.responses.refused(OVERLOADED, context.time.now(), isBrowser(request) ? CLOSE : undefined)
    measurement.end(OVERLOADED, response.status)
    return sharedWithOthers(context, request, response)
  }
  let text: string | undefined
  try {
    text = await textOf(request)
  } catch {
    text = BROKEN_OFF
  }
  const key = request.headers.get("idempotency-key")
  // Nothing to wait for, unless a shop signed the token with keys of its own and it comes for the first time.
  const learning = context.shopKeys?.learn(request)
  const obstacle = learning && (await learning)
  const reserve = obstacle
    ? context.responses.refusal("overloaded", { detail: obstacle })
    : readReserve(context, request, saleId, text, key, arrivedAt)
  if (reserve instanceof Response) {
    measurement.end({ outcome: REFUSED_EARLY[reserve.status] ?? "invalid_request" }, reserve.status)
    if (isBrowser(request)) reserve.headers.set("Connection", "close")
    return sharedWithOthers(context, request, reserve)
  }
  measurement.asks(reserve)
  const decision = attempt(context, reserve)
  const answer = decision instanceof Promise ? await decision : decision
  const response = respond(context, request, reserve, answer, key === null)
  measurement.end(answer, response.status)
  return sharedWithOthers(context, request, response)
}

/** Answers one attempt to buy: at once where memory is certain of the answer, otherwise with the store's next batch. */
export function attempt({ saleCache, batcher, time }: RequestContext, reserve: Reserve): Answer | Promise<Answer> {
  return saleCache.refuse(reserve, time.now()) ?? batcher.submit(reserve)
}

/** What a customer asks for, read from a JSON body or from a form. */
export function reserveOf(
  { random, time }: RequestContext,
  saleId: string,
  { sku, quantity }: PurchaseRequest,
  customerId: string,
  key: string,
  arrivedAt: number,
): Reserve {
  const suffix = random.suffix()
  // The store judges lateness: it answers a repeated attempt that did take effect in time with its order.
  const notAfter = Math.max(arrivedAt + ATTEMPT_MAX_MS, time.monotonic() - LATE_MS)
  return { kind: "reserve", saleId, sku, customerId, key, quantity, suffix, notAfter }
}

/** The idempotency key in a header or a form field, which may be quoted. Undefined if it is malformed. */
export function keyIn(text: string): string | undefined {
  const key = isId(text) ? text : QUOTED.exec(text)?.[1]
  return key !== undefined && isId(key) ? key : undefined
}

/** Measures one attempt to buy, from the request's arrival to its response, for metrics, traces and the log. */
export class Measurement {
  readonly #started: number
  readonly #trace: ReturnType<RequestContext["tracer"]["purchase"]>
  #reserve: Reserve | undefined

  constructor(
    private readonly context: RequestContext,
    request: Request,
    private readonly saleId: string,
  ) {
    this.#started = context.time.monotonic()
    this.#trace = context.tracer.purchase(request, saleId)
  }

  asks(reserve: Reserve): void {
    this.#reserve = reserve
    this.#trace?.waits(reserve)
  }

  end({ outcome, replayed, seq, order }: Answer, status: number): void {
    const { metrics, saleCache, log, logsPurchases, time } = this.context
    const { saleId } = this
    // An answer with a fact comes from a store that knows the sale, even if this replica does not know it yet.
    const isKnown = seq !== undefined || saleCache.sale(saleId) !== undefined
    const seconds = (time.monotonic() - this.#started) / 1000
    metrics.countPurchase(outcome, replayed ?? false, isKnown ? saleId : undefined, seconds)
    this.#trace?.answered({ status, outcome, ...(seq !== undefined && { seq }) })
    if (this.#reserve && logsPurchases) {
      log.debug({ saleId, outcome, seq, orderId: order?.id, customerId: this.#reserve.customerId }, "purchase")
    }
  }
}

/**
 * Whether this attempt finds too many before it. What is malformed, or comes from no customer, is left to `readReserve`, and what may
 * be refused from memory to `attempt`: those cost the store nothing.
 */
function isShed(
  { authenticator, batcher, saleCache, time }: RequestContext,
  request: Request,
  saleId: string,
): boolean {
  if (saleCache.mayRefuse(saleId)) return false
  const principal = authenticator.authenticate(request, time.now())
  if (principal.kind !== "customer") return false
  return batcher.refuses(principal.customerId, keyIn(request.headers.get("idempotency-key") ?? "") ?? "")
}

/** What the request asks for, or the response to a request that is malformed or comes from no customer. */
function readReserve(
  context: RequestContext,
  request: Request,
  saleId: string,
  text: string | undefined,
  sentKey: string | null,
  arrivedAt: number,
): Reserve | Response {
  const { responses, authenticator, time, random } = context
  const body = parsePurchase(text)
  if (!body.ok) return responses.malformed(body)
  if (!isId(saleId)) return responses.refusal("invalid_request", { path: "saleId" })
  const key = sentKey === null ? random.key() : keyIn(sentKey)
  if (key === undefined) return responses.refusal("invalid_request", { path: "Idempotency-Key" })
  const now = time.now()
  const principal = authenticator.authenticate(request, now)
  if (principal.kind !== "customer")
    return responses.unauthorized(principal.kind === "anonymous" ? principal.fault : undefined)
  return reserveOf(context, saleId, body.value, principal.customerId, key, arrivedAt)
}

function respond(
  context: RequestContext,
  request: Request,
  { key }: Reserve,
  answer: Answer,
  isOurKey: boolean,
): Response {
  const { responses, time } = context
  const ending = isBrowser(request) ? CLOSE : undefined
  // The response to a request without a key contains the key that was made for it, so that it can be repeated.
  const headers = isOurKey ? { ...ending, "Idempotency-Key": `"${key}"` } : ending
  if (!isSuccess(answer.outcome) || !answer.order) return responses.refused(answer, time.now(), headers)
  const order = orderToWire(answer.order)
  const response = answer.replayed
    ? responses.json(order, 200, { ...headers, ...REPLAYED })
    : responses.json(order, 201, headers)
  return order.state === "held" ? withCookies(response, cookiesForHold(context, request, answer.order)) : response
}

/** A browser's connection ends with each purchase. The next one is balanced again, and its buyer sees the node change. */
function isBrowser(request: Request): boolean {
  return request.headers.has("sec-fetch-site")
}
