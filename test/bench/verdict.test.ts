import { expect, test } from "bun:test"
import { judge } from "../../bench/compare/verdict.ts"

const STEADY = [100, 101, 99, 100, 102, 98, 100]
const pairs = (before: number[], after: number[]) => before.map((rate, at) => ({ before: rate, after: after[at]! }))

test("equal rates are not slower", () => {
  expect(judge(pairs(STEADY, STEADY))).toMatchObject({ ratio: 1, isSlower: false })
})

test("given rates with little spread, a tenth less is slower", () => {
  expect(
    judge(
      pairs(
        STEADY,
        STEADY.map(rate => rate * 0.9),
      ),
    ).isSlower,
  ).toBe(true)
})

test("given rates that spread by a fifth, a tenth less is not slower", () => {
  const restless = [80, 120, 90, 110, 100, 85, 115]
  expect(
    judge(
      pairs(
        restless,
        restless.map(rate => rate * 0.9),
      ),
    ).isSlower,
  ).toBe(false)
})

test("given a machine that slows down during the run, neither commit is slower", () => {
  const falling = [100, 98, 96, 94, 92, 90, 88]
  expect(judge(pairs(falling, falling)).ratio).toBe(1)
})

test("one disturbed round does not change the verdict", () => {
  expect(judge(pairs(STEADY, [100, 101, 99, 10, 102, 98, 100])).isSlower).toBe(false)
  expect(judge(pairs(STEADY, [85, 86, 84, 300, 87, 83, 85])).isSlower).toBe(true)
})

test("a faster commit is not slower", () => {
  expect(
    judge(
      pairs(
        STEADY,
        STEADY.map(rate => rate * 1.5),
      ),
    ),
  ).toMatchObject({ ratio: 1.5, isSlower: false })
})
