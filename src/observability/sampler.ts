import { isSpanContextValid, type SpanContext, TraceFlags } from "@opentelemetry/api"
import { type Clock, systemTime } from "../runtime/time.ts"

/**
 * The most traces that one process begins in a second. A stranger may send `traceparent` with every purchase, and must not
 * turn tracing into a load.
 */
const TRACES_PER_SECOND_MAX = 200

/** W3C Trace Context: version, trace, parent, flags. A later version may append more. */
const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/

/** The caller's span, from its `traceparent` header. Undefined if the header is missing or malformed. */
export function parseTraceparent(header: string | null): SpanContext | undefined {
  const match = header === null ? null : TRACEPARENT.exec(header)
  if (!match) return undefined
  const [, version, traceId = "", spanId = "", flags = "", more] = match
  if (version === "ff" || (version === "00" && more !== undefined)) return undefined
  const traceFlags = Number.parseInt(flags, 16) & TraceFlags.SAMPLED
  const context = { traceId, spanId, traceFlags, isRemote: true }
  return isSpanContextValid(context) ? context : undefined
}

/** Chooses which purchases are traced: those that the caller traces and a share of the others, up to a limit a second. */
export class Sampler {
  #second = 0
  #sampled = 0

  /** `share` is from 0 to 1; `random` as `Math.random`. */
  constructor(
    private readonly share: number,
    private readonly clock: Clock = systemTime,
    private readonly random: () => number = Math.random,
  ) {}

  samples(parent: SpanContext | undefined): boolean {
    const isWanted = parent ? parent.traceFlags === TraceFlags.SAMPLED : this.random() < this.share
    if (!isWanted) return false
    const second = Math.floor(this.clock.monotonic() / 1000)
    if (second !== this.#second) {
      this.#second = second
      this.#sampled = 0
    }
    return ++this.#sampled <= TRACES_PER_SECOND_MAX
  }
}
