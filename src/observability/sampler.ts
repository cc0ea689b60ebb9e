import { isSpanContextValid, type SpanContext, TraceFlags } from "@opentelemetry/api"

/**
 * Traces that one process begins in a second, whatever it is asked for: a stranger who sends `traceparent` with every
 * purchase must not make tracing a load.
 */
const TRACES_PER_SECOND_MAX = 200

/** W3C Trace Context: version, trace, parent, flags. A later version may append more. */
const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/

/** The caller's span, as its `traceparent` header names it; a malformed header is none. */
export function parentOf(header: string | null): SpanContext | undefined {
  const match = header === null ? null : TRACEPARENT.exec(header)
  if (!match) return undefined
  const [, version, traceId, spanId, flags, more] = match
  if (version === "ff" || (version === "00" && more !== undefined)) return undefined
  const traceFlags = Number.parseInt(flags!, 16) & TraceFlags.SAMPLED
  const context = { traceId: traceId!, spanId: spanId!, traceFlags, isRemote: true }
  return isSpanContextValid(context) ? context : undefined
}

/** Says which purchases are traced: what the caller decided, otherwise a share of them; and never too many. */
export class Sampler {
  #second = 0
  #drawn = 0

  constructor(private readonly share: number) {}

  draws(parent: SpanContext | undefined): boolean {
    const isWanted = parent ? parent.traceFlags === TraceFlags.SAMPLED : Math.random() < this.share
    if (!isWanted) return false
    const second = Math.floor(performance.now() / 1000)
    if (second !== this.#second) {
      this.#second = second
      this.#drawn = 0
    }
    return ++this.#drawn <= TRACES_PER_SECOND_MAX
  }
}
