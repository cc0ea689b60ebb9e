import { expect, test } from "bun:test"
import { duration, item, pairs, parse, whole } from "../support/story/parse.ts"

test("a table is read line by line, without its remarks", () => {
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

test("what cannot be read is not passed over", () => {
  expect(() => parse("reserve shoes ann k1 ->")).toThrow("not understood")
  expect(() => parse("wait 1s -> a -> b")).toThrow("not understood")
  expect(() => pairs(["limit"])).toThrow("missing")
  expect(() => duration("61")).toThrow("no duration")
  expect(() => whole("1x")).toThrow("no whole number")
  expect(() => item(undefined)).toThrow("no sale")
})

test("words become values", () => {
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
