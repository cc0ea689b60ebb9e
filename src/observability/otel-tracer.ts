import { type Attributes, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api"
import { resourceFromAttributes } from "@opentelemetry/resources"
import { BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace"
import { withTimeout } from "../runtime/time.ts"
import { parseTraceparent, Sampler } from "./sampler.ts"
import { OtlpSpanExporter } from "./span-exporter.ts"
import type { PurchaseEnd, PurchaseTrace, SpanHandle, Tracer, TracingOptions } from "./tracer.ts"

/** The most spans that wait to be sent, a few hundred bytes each. Further ones are dropped. */
const QUEUE_MAX = 4096
const SEND_EVERY_MS = 1000
/** A collector that does not answer delays the end of a process by no more than this. */
const CLOSE_MAX_MS = 500
/** The longest attribute: some are text that strangers send. */
const TEXT_MAX = 128

/** An attempt that waits for its call, and since when. OpenTelemetry takes times of `performance.now()`. */
interface WaitingAttempt {
  span: Span
  since: number
}

/** Makes spans with OpenTelemetry's SDK: the purchase, its batch and the store call in a replica, ledger writes in a worker. */
export class OtelTracer implements Tracer {
  readonly #provider: TracerProvider
  readonly #waiting = new Map<object, WaitingAttempt>()
  readonly #sampler: Sampler
  readonly #store: Attributes

  constructor({ endpoint, share, service, nodeId, store, log }: TracingOptions) {
    this.#sampler = new Sampler(share)
    this.#store = { "db.system.name": store }
    const exporter = new OtlpSpanExporter(endpoint, log)
    this.#provider = new TracerProvider({
      resource: resourceFromAttributes({ "service.name": service, "service.instance.id": nodeId }),
      spanLimits: { attributeValueLengthLimit: TEXT_MAX },
      spanProcessors: [
        new BatchSpanProcessor({ exporter, maxQueueSize: QUEUE_MAX, scheduledDelayMillis: SEND_EVERY_MS }),
      ],
    })
  }

  purchase(request: Request, saleId: string): PurchaseTrace | undefined {
    const parent = parseTraceparent(request.headers.get("traceparent"))
    if (!this.#sampler.samples(parent)) return undefined
    const route = "/api/v1/sales/{saleId}/orders"
    const attributes = { "http.request.method": "POST", "http.route": route, "flash_sale.sale": saleId }
    const context = parent ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT
    const span = this.#tracer.startSpan(`POST ${route}`, { kind: SpanKind.SERVER, attributes }, context)
    let asked: object | undefined
    return {
      waits: attempt => {
        asked = attempt
        this.#waiting.set(attempt, { span, since: performance.now() })
      },
      answered: end => {
        // No call took an attempt that timed out before, so it still waits here.
        if (asked) this.#waiting.delete(asked)
        finish(span, end)
      },
    }
  }

  /**
   * One call carries many purchases. Its spans belong to the trace of the first one that is traced, and are linked with
   * the others. The batch span begins when the first attempt began to wait; the call span begins now.
   */
  storeCall(attempts: readonly object[]): SpanHandle | undefined {
    if (this.#waiting.size === 0) return undefined
    const carried = attempts.flatMap(attempt => this.#take(attempt))
    const [first, ...others] = carried
    if (!first) return undefined
    const batch = this.#tracer.startSpan(
      "batch",
      {
        startTime: Math.min(...carried.map(({ since }) => since)),
        attributes: { "flash_sale.batch.size": attempts.length, "flash_sale.batch.traced": carried.length },
        links: others.map(({ span }) => ({ context: span.spanContext() })),
      },
      trace.setSpan(ROOT_CONTEXT, first.span),
    )
    for (const { span } of others) span.addLink({ context: batch.spanContext() })
    const options = { kind: SpanKind.CLIENT, attributes: this.#store }
    const call = this.#tracer.startSpan("store call", options, trace.setSpan(ROOT_CONTEXT, batch))
    return handleOf(call, batch)
  }

  ledgerWrite(saleId: string, after: number, upTo: number): SpanHandle | undefined {
    if (!this.#sampler.samples(undefined)) return undefined
    const facts = { "flash_sale.facts.after": after, "flash_sale.facts.up_to": upTo }
    const attributes = { "db.system.name": "postgresql", "flash_sale.sale": saleId, ...facts }
    return handleOf(this.#tracer.startSpan("ledger write", { kind: SpanKind.CLIENT, attributes }, ROOT_CONTEXT))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await withTimeout(CLOSE_MAX_MS, this.#provider.shutdown()).catch(() => {})
  }

  get #tracer() {
    return this.#provider.getTracer("doorbuster")
  }

  #take(attempt: object): WaitingAttempt[] {
    const asking = this.#waiting.get(attempt)
    if (!asking) return []
    this.#waiting.delete(attempt)
    return [asking]
  }
}

function finish(span: Span, { status, outcome, seq }: PurchaseEnd): void {
  span.setAttributes({ "http.response.status_code": status, "flash_sale.outcome": outcome })
  if (seq !== undefined) span.setAttribute("flash_sale.seq", seq)
  if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR, message: outcome })
  span.end()
}

/** A handle that ends these spans together; give it the inner one first. */
function handleOf(...spans: Span[]): SpanHandle {
  return {
    done(fault) {
      for (const span of spans) {
        if (fault !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: (fault as Error).message })
        span.end()
      }
    },
  }
}
