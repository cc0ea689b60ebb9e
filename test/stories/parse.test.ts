import { expect, test } from "bun:test"
import { duration, item, pairs, parse, whole } from "../support/story/parse.ts"

test("given a table, its lines are read without their comments", () => {
  const lines = parse(`
    wait    61s
    # a remark
    reserve shoes  ann k1   -> sold_out   # and another
  `)
  expect(lines.map(({ verb, words, expected }) => [verb, words, expected])).toEqual([
    ["wait", ["61s"], undefined],
    ["reserve", ["shoes", "ann", "k1"], "sold_out"],
  ])
})

test("given a line that cannot be parsed, it throws", () => {
  expect(() => parse("reserve shoes ann k1 ->")).toThrow("not understood")
  expect(() => parse("wait 1s -> a -> b")).toThrow("not understood")
  expect(() => pairs(["limit"])).toThrow("missing")
  expect(() => duration("61")).toThrow("no duration")
  expect(() => whole("1x")).toThrow("no whole number")
  expect(() => item(undefined)).toThrow("no sale")
})

test("given durations, numbers and items, their values are returned", () => {
  expect(pairs(["limit", "2", "hold", "60s"])).toEqual([
    ["limit", "2"],
    ["hold", "60s"],
  ])
  expect([duration("500ms"), duration("61s"), duration("2m")]).toEqual([500, 61_000, 120_000])
  expect([item("drop/cap"), item("shoes")]).toEqual([
    { sale: "drop", sku: "cap" },
    { sale: "shoes", sku: "shoes" },
  ])
})
