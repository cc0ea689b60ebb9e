import { NO_TRACER, type SpanHandle, type Tracer, type TracingOptions } from "./tracer.ts"

/** Without an endpoint nothing of OpenTelemetry is loaded, and tracing costs a purchase one call that does nothing. */
export async function openTracer(
  options: Omit<TracingOptions, "endpoint"> & { endpoint?: string | undefined },
): Promise<Tracer> {
  const { endpoint } = options
  if (endpoint === undefined) return NO_TRACER
  const { OtelTracer } = await import("./otel-tracer.ts")
  return new OtelTracer({ ...options, endpoint })
}

/** Resolves as `work` does, and ends the span then. */
export function traced<Value>(span: SpanHandle | undefined, work: Promise<Value>): Promise<Value> {
  if (span) work.then(() => span.done(), span.done)
  return work
}
