import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http"
import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace"
import type { TracingOptions } from "./tracing.ts"

/** For one request to the collector, repetitions included. Spans queue meanwhile, and purchases know nothing of it. */
const SEND_MAX_MS = 5000

type Sent = Parameters<SpanExporter["export"]>[1]

/** Sends spans over OTLP/HTTP as JSON. It says once that they do not arrive, and once that they do again. */
export class SpanSender implements SpanExporter {
  readonly #exporter: OTLPTraceExporter
  #isAway = false

  constructor(
    private readonly endpoint: string,
    private readonly log: TracingOptions["log"],
  ) {
    const url = `${endpoint.replace(/\/+$/, "")}/v1/traces`
    this.#exporter = new OTLPTraceExporter({ url, timeoutMillis: SEND_MAX_MS })
  }

  export(spans: ReadableSpan[], sent: Sent): void {
    this.#exporter.export(spans, result => {
      this.#tell(result.error)
      sent(result)
    })
  }

  shutdown(): Promise<void> {
    return this.#exporter.shutdown()
  }

  #tell(error: Error | undefined): void {
    if (this.#isAway === (error !== undefined)) return
    this.#isAway = error !== undefined
    const fields = { collector: new URL(this.endpoint).host }
    if (error) this.log.warn({ ...fields, why: error.message }, "traces do not arrive; selling goes on without them")
    else this.log.info(fields, "traces arrive again")
  }
}
