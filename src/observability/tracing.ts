import type { Log } from "./log.ts"

/** How a purchase ended, without a word about the customer. `seq` finds it in the journal. */
export interface PurchaseEnd {
  status: number
  outcome: string
  seq?: number
}

/** One purchase that is traced. Of most there is none. */
export interface PurchaseTrace {
  /** It asks the store with this very object: the call that carries it belongs to the trace. */
  asks(attempt: object): void
  answered(end: PurchaseEnd): void
}

/** Something under way that is traced. */
export interface SpanHandle {
  done(fault?: unknown): void
}

/** Where traces begin. Each method returns nothing when nothing of it is traced. None ever throws, waits or fails. */
export interface Tracer {
  purchase(request: Request, saleId: string): PurchaseTrace | undefined
  storeCall(attempts: readonly object[]): SpanHandle | undefined
  /** The ledger takes facts `after < seq <= upTo` of a sale. */
  ledgerWrite(saleId: string, after: number, upTo: number): SpanHandle | undefined
  /** Sends what is left, if it can be sent soon. */
  close(): Promise<void>
}

export const NO_TRACER: Tracer = {
  purchase: () => undefined,
  storeCall: () => undefined,
  ledgerWrite: () => undefined,
  close: async () => {},
}

export interface TracingOptions {
  /** `http://HOST:PORT` of a collector that speaks OTLP/HTTP. */
  endpoint: string
  /** Of the purchases that come without a trace of their own, 0 to 1. */
  share: number
  service: "doorbuster-replica" | "doorbuster-worker"
  nodeId: string
  /** What the store is, in OpenTelemetry's words. */
  store: "sqlite" | "redis"
  log: Pick<Log, "info" | "warn">
}

/** Without an endpoint nothing of OpenTelemetry is loaded, and a purchase pays for one call that does nothing. */
export async function openTracer(
  options: Omit<TracingOptions, "endpoint"> & { endpoint?: string | undefined },
): Promise<Tracer> {
  const { endpoint } = options
  if (endpoint === undefined) return NO_TRACER
  const { OtelTracer } = await import("./otel-tracer.ts")
  return new OtelTracer({ ...options, endpoint })
}

/** Waits for `work`, and tells the stretch, if there is one, when it is over. */
export function during<Value>(stretch: SpanHandle | undefined, work: Promise<Value>): Promise<Value> {
  if (stretch) work.then(() => stretch.done(), stretch.done)
  return work
}
