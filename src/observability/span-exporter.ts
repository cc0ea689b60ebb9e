import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http"
import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace"
import type { TracingOptions } from "./tracer.ts"

/** The longest that one request to the collector may take, repetitions included. Spans queue meanwhile. */
const SEND_MAX_MS = 5000

type ResultCallback = Parameters<SpanExporter["export"]>[1]

/** Sends spans over OTLP/HTTP as JSON. It logs one line when they stop arriving, and one when they arrive again. */
export class OtlpSpanExporter implements SpanExporter {
  readonly #exporter: OTLPTraceExporter
  #isAway = false

  constructor(
    private readonly endpoint: string,
    private readonly log: TracingOptions["log"],
  ) {
    const url = `${endpoint.replace(/\/+$/, "")}/v1/traces`
    this.#exporter = new OTLPTraceExporter({ url, timeoutMillis: SEND_MAX_MS })
  }

  export(spans: ReadableSpan[], done: ResultCallback): void {
    this.#exporter.export(spans, result => {
      this.#logChange(result.error)
      done(result)
    })
  }

  shutdown(): Promise<void> {
    return this.#exporter.shutdown()
  }

  #logChange(error: Error | undefined): void {
    if (this.#isAway === (error !== undefined)) return
    this.#isAway = error !== undefined
    const fields = { collector: new URL(this.endpoint).host }
    if (error) this.log.warn({ ...fields, why: error.message }, "traces do not arrive; selling continues without them")
    else this.log.info(fields, "traces arrive again")
  }
}
