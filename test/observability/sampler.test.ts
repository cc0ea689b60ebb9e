import { describe, expect, test } from "bun:test"
import { parseTraceparent, Sampler } from "../../src/observability/sampler.ts"

const TRACE = "0af7651916cd43dd8448eb211c80319c"
const SPAN = "b7ad6b7169203331"

describe("a traceparent header", () => {
  test.each([
    ["sampled", `00-${TRACE}-${SPAN}-01`, 1],
    ["not sampled", `00-${TRACE}-${SPAN}-00`, 0],
    ["with flags of later days", `00-${TRACE}-${SPAN}-ff`, 1],
    ["of a later version", `01-${TRACE}-${SPAN}-01-more`, 1],
  ])("%s", (_, header, traceFlags) => {
    expect(parseTraceparent(header)).toEqual({ traceId: TRACE, spanId: SPAN, traceFlags, isRemote: true })
  })

  test.each([
    null,
    "",
    "00",
    `00-${TRACE}-${SPAN}-01-more`,
    `ff-${TRACE}-${SPAN}-01`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
    `00-${"0".repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${"0".repeat(16)}-01`,
    `00-${TRACE}-${SPAN}`,
    ` 00-${TRACE}-${SPAN}-01`,
  ])("%p is none", header => {
    expect(parseTraceparent(header)).toBeUndefined()
  })
})

describe("tracing a purchase", () => {
  const draws = (lottery: Sampler, header: string | null, times: number) =>
    Array.from({ length: times }, () => lottery.samples(parseTraceparent(header))).filter(Boolean).length

  test("samples all, none, or about the share that is configured", () => {
    expect(draws(new Sampler(0), null, 1000)).toBe(0)
    expect(draws(new Sampler(1), null, 100)).toBe(100)
    const drawn = draws(new Sampler(0.1), null, 1000)
    expect(drawn).toBeGreaterThan(40)
    expect(drawn).toBeLessThan(180)
  })

  test("follows the caller's decision before the configured share", () => {
    expect(draws(new Sampler(0), `00-${TRACE}-${SPAN}-01`, 10)).toBe(10)
    expect(draws(new Sampler(1), `00-${TRACE}-${SPAN}-00`, 10)).toBe(0)
  })

  test("samples no more than the limit a second, however many callers ask for a trace", () => {
    // The second may turn between two draws, and then another two hundred begin.
    expect(draws(new Sampler(0), `00-${TRACE}-${SPAN}-01`, 20_000)).toBeLessThanOrEqual(400)
  })
})
