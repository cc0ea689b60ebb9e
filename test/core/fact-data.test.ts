import { expect, test } from "bun:test"
import fc from "fast-check"
import { dataText, type FactData } from "../../src/core/fact-data.ts"

const { value: anyData } = fc.letrec<{ value: FactData; part: FactData[string] }>(tie => ({
  value: fc.dictionary(fc.string(), tie("part"), { maxKeys: 5 }) as fc.Arbitrary<FactData>,
  part: fc.oneof(
    { maxDepth: 3 },
    fc.string({ unit: "binary" }),
    fc.maxSafeInteger().map(number => number || 0),
    fc.boolean(),
    fc.array(tie("part"), { maxLength: 4 }) as fc.Arbitrary<FactData[string]>,
    tie("value"),
  ),
}))

test("the text of data contains no separator and parses to the same data", () => {
  fc.assert(
    fc.property(anyData, data => {
      const text = dataText(data)
      expect(text).not.toMatch(/[|\n]/)
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(data)))
      expect(dataText(JSON.parse(text))).toBe(text)
    }),
    { numRuns: 500 },
  )
})

test("the text of data does not depend on the order of its names", () => {
  expect(dataText({ b: 1, a: { 2: "x", 1: "y" } })).toBe(dataText({ a: { 1: "y", 2: "x" }, b: 1 }))
})

test.each([0.5, Number.NaN, -0, 2 ** 53, null, undefined, 1n, () => 1])(
  "%p cannot stand in data, because it would not come back as it was",
  value => {
    expect(() => dataText({ value: value as number })).toThrow(TypeError)
    expect(() => dataText({ inner: [value as number] })).toThrow(TypeError)
  },
)
