import type { Answer, Reserve } from "../../core/command.ts"
import { isSuccess } from "../../core/outcome.ts"
import { newKey, newSuffix } from "../../runtime/random.ts"
import { isId, PurchaseRequest } from "../../wire/wire.ts"
import { orderToWire } from "../api/mapping.ts"
import type { RequestContext } from "../context.ts"
import { parseBody, readText } from "./body.ts"

/** An attempt that has not taken effect by then never will. Buyers wait a little longer than most store calls ever take. */
const ATTEMPT_MAX_MS = 2000

const KEY = /^(?:"([A-Za-z0-9_-]{1,64})"|([A-Za-z0-9_-]{1,64}))$/
const CLOSE = { Connection: "close" }
const REPLAYED = { "Idempotency-Replayed": "true" }

/** Answers one attempt to buy: in memory if that is certain, otherwise with the next batch. */
export async function purchase(context: RequestContext, request: Request, saleId: string): Promise<Response> {
  const started = performance.now()
  const { saleCache, metrics, log } = context
  const trace = context.tracer.purchase(request, saleId)
  const answered = ({ outcome, replayed, seq }: Answer, { status }: Response) => {
    // A store that answers with a fact knows the sale, though this replica may not have heard of it yet.
    const isKnown = seq !== undefined || saleCache.sale(saleId) !== undefined
    metrics.purchase(outcome, replayed ?? false, isKnown ? saleId : undefined, (performance.now() - started) / 1000)
    trace?.answered({ status, outcome, seq })
  }
  const read = readAttempt(context, request, saleId, await readText(request))
  if (read instanceof Response) {
    answered({ outcome: read.status === 401 ? "unauthorized" : "invalid_request" }, read)
    if (isBrowser(request)) read.headers.set("Connection", "close")
    return read
  }
  trace?.asks(read)
  const answer = saleCache.refuse(read, Date.now()) ?? (await context.batcher.submit(read))
  if (log.isLevelEnabled("debug")) {
    const { outcome, seq, order } = answer
    log.debug({ saleId, outcome, seq, orderId: order?.id, customerId: read.customerId }, "purchase")
  }
  const response = reply(context, request, read, answer)
  answered(answer, response)
  return response
}

/** The attempt that a request makes, or the refusal of a request that makes none. */
function readAttempt(
  context: RequestContext,
  request: Request,
  saleId: string,
  text: string | undefined,
): Reserve | Response {
  const { responses, authenticator } = context
  const body = parseBody(text, PurchaseRequest)
  if (!body.ok) {
    const { path, detail } = body
    return body.tooLarge ? responses.tooLarge() : responses.refusal("invalid_request", { path, detail })
  }
  if (!isId(saleId)) return responses.refusal("invalid_request", { path: "saleId" })
  const header = request.headers.get("idempotency-key")
  const key = header === null ? undefined : KEY.exec(header)
  if (key === null) return responses.refusal("invalid_request", { path: "Idempotency-Key" })
  const now = Date.now()
  const principal = authenticator.authenticate(request, now)
  if (principal.kind !== "customer") return responses.refusal("unauthorized")
  return {
    kind: "reserve",
    saleId,
    sku: body.value.sku,
    customerId: principal.customerId,
    key: key?.[1] ?? key?.[2] ?? newKey(),
    quantity: body.value.quantity,
    suffix: newSuffix(),
    notAfter: now + ATTEMPT_MAX_MS,
  }
}

function reply({ responses }: RequestContext, request: Request, { key }: Reserve, answer: Answer): Response {
  const ending = isBrowser(request) ? CLOSE : undefined
  // Whoever sent no key learns the one that was made, to repeat the purchase with.
  const headers = request.headers.has("idempotency-key") ? ending : { ...ending, "Idempotency-Key": `"${key}"` }
  if (!isSuccess(answer.outcome)) return responses.refused(answer, Date.now(), headers)
  const order = orderToWire(answer.order!)
  return answer.replayed ? responses.json(order, 200, { ...headers, ...REPLAYED }) : responses.json(order, 201, headers)
}

/** A browser's purchase ends its connection: the next click is balanced anew, and the buyer sees the node change. */
function isBrowser(request: Request): boolean {
  return request.headers.has("sec-fetch-site")
}
