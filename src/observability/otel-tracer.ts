import { type Attributes, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api"
import { resourceFromAttributes } from "@opentelemetry/resources"
import { BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace"
import { parentOf, Sampler } from "./sampler.ts"
import { SpanSender } from "./span-exporter.ts"
import type { PurchaseEnd, PurchaseTrace, SpanHandle, Tracer, TracingOptions } from "./tracing.ts"

/** Spans that wait to be sent, a few hundred bytes each; more are dropped. */
const QUEUE_MAX = 4096
const SEND_EVERY_MS = 1000
/** A collector that does not answer delays the end of a process by no more than this. */
const CLOSE_MAX_MS = 500
/** Of what strangers send and we repeat. */
const TEXT_MAX = 128

/** An attempt that waits for its call, and the moment since when, by `performance.now()`. */
interface Asking {
  span: Span
  since: number
}

/** Spans by OpenTelemetry's SDK: a purchase, the batch that carried it, the call of the store; in the worker, ledger writes. */
export class OtelTracer implements Tracer {
  readonly #provider: TracerProvider
  readonly #asking = new Map<object, Asking>()
  readonly #lottery: Sampler
  readonly #store: Attributes

  constructor({ endpoint, share, service, nodeId, store, log }: TracingOptions) {
    this.#lottery = new Sampler(share)
    this.#store = { "db.system.name": store }
    const exporter = new SpanSender(endpoint, log)
    this.#provider = new TracerProvider({
      resource: resourceFromAttributes({ "service.name": service, "service.instance.id": nodeId }),
      spanLimits: { attributeValueLengthLimit: TEXT_MAX },
      spanProcessors: [
        new BatchSpanProcessor({ exporter, maxQueueSize: QUEUE_MAX, scheduledDelayMillis: SEND_EVERY_MS }),
      ],
    })
  }

  purchase(request: Request, saleId: string): PurchaseTrace | undefined {
    const parent = parentOf(request.headers.get("traceparent"))
    if (!this.#lottery.draws(parent)) return undefined
    const route = "/api/v1/sales/{saleId}/orders"
    const attributes = { "http.request.method": "POST", "http.route": route, "flash_sale.sale": saleId }
    const context = parent ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT
    const span = this.#tracer.startSpan(`POST ${route}`, { kind: SpanKind.SERVER, attributes }, context)
    let asked: object | undefined
    return {
      asks: attempt => {
        asked = attempt
        this.#asking.set(attempt, { span, since: performance.now() })
      },
      answered: end => {
        // An attempt whose time was up before a call took it is still among those that wait.
        if (asked) this.#asking.delete(asked)
        finish(span, end)
      },
    }
  }

  /**
   * One call carries many purchases: it belongs to the trace of the first that is traced, and it and the others are
   * linked. The batch begins when the first of them began to wait; the call is the rest of it.
   */
  storeCall(attempts: readonly object[]): SpanHandle | undefined {
    if (this.#asking.size === 0) return undefined
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
    return stretch(call, batch)
  }

  ledgerWrite(saleId: string, after: number, upTo: number): SpanHandle | undefined {
    if (!this.#lottery.draws(undefined)) return undefined
    const facts = { "flash_sale.facts.after": after, "flash_sale.facts.up_to": upTo }
    const attributes = { "db.system.name": "postgresql", "flash_sale.sale": saleId, ...facts }
    return stretch(this.#tracer.startSpan("ledger write", { kind: SpanKind.CLIENT, attributes }, ROOT_CONTEXT))
  }

  async close(): Promise<void> {
    const bound = Promise.withResolvers<void>()
    const timer = setTimeout(bound.resolve, CLOSE_MAX_MS)
    await Promise.race([this.#provider.shutdown().catch(() => {}), bound.promise])
    clearTimeout(timer)
  }

  get #tracer() {
    return this.#provider.getTracer("doorbuster")
  }

  #take(attempt: object): Asking[] {
    const asking = this.#asking.get(attempt)
    if (!asking) return []
    this.#asking.delete(attempt)
    return [asking]
  }
}

function finish(span: Span, { status, outcome, seq }: PurchaseEnd): void {
  span.setAttributes({ "http.response.status_code": status, "flash_sale.outcome": outcome })
  if (seq !== undefined) span.setAttribute("flash_sale.seq", seq)
  if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR, message: outcome })
  span.end()
}

/** Ends the spans together, the inner one first. */
function stretch(...spans: Span[]): SpanHandle {
  return {
    done(fault) {
      for (const span of spans) {
        if (fault !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: (fault as Error).message })
        span.end()
      }
    },
  }
}
