import type { Log } from "./log.ts"

/** How a purchase ended. It says nothing about the customer; `seq` finds the purchase in the journal. */
export interface PurchaseEnd {
  status: number
  outcome: string
  seq?: number | undefined
}

/** The trace of one purchase. Most purchases have none. */
export interface PurchaseTrace {
  /** The purchase now waits for the store as this very object, so that the call that carries it can be linked to it. */
  waits(attempt: object): void
  answered(end: PurchaseEnd): void
}

/** Work that is traced while it runs. */
export interface SpanHandle {
  /** Ends the span; with `fault`, as failed. */
  done(fault?: unknown): void
}

/** Begins traces. Each method returns undefined when it traces nothing, and none of them throws, waits or fails. */
export interface Tracer extends AsyncDisposable {
  purchase(request: Request, saleId: string): PurchaseTrace | undefined
  storeCall(attempts: readonly object[]): SpanHandle | undefined
  /** The ledger takes the facts `after < seq <= upTo` of a sale. */
  ledgerWrite(saleId: string, after: number, upTo: number): SpanHandle | undefined
  /** Sends the spans that are left. A collector that does not answer delays this by half a second at most. */
  [Symbol.asyncDispose](): Promise<void>
}

export const NO_TRACER: Tracer = {
  purchase: () => undefined,
  storeCall: () => undefined,
  ledgerWrite: () => undefined,
  [Symbol.asyncDispose]: async () => {},
}

export interface TracingOptions {
  /** `http://HOST:PORT` of a collector that speaks OTLP/HTTP. */
  endpoint: string
  /** The share of purchases that are traced among those whose caller sent no trace, from 0 to 1. */
  share: number
  service: "doorbuster-replica" | "doorbuster-worker"
  nodeId: string
  /** The store's name in OpenTelemetry's conventions. */
  store: "sqlite" | "redis"
  log: Pick<Log, "info" | "warn">
}
