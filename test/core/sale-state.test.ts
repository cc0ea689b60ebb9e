import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import { isSoldOut, type SaleState, type Standing, stateOf } from "../../src/core/sale.ts"

describe("the state of a sale", () => {
  // The sale opens at 100 and, if it has an end, closes at 200.
  const TABLE: [standing: Standing, closes: boolean, now: number, state: SaleState][] = [
    ["active", true, 99, "scheduled"],
    ["active", true, 100, "open"],
    ["active", true, 199, "open"],
    ["active", true, 200, "closed"],
    ["active", false, 1e15, "open"],
    ["paused", true, 99, "paused"],
    ["paused", true, 199, "paused"],
    ["paused", true, 200, "closed"],
    ["closed", true, 99, "closed"],
    ["closed", false, 150, "closed"],
  ]

  for (const [standing, closes, now, state] of TABLE) {
    test(`${standing} ${closes ? "with" : "without"} an end, at ${now}: ${state}`, () => {
      expect(stateOf({ standing, opensAt: 100, ...(closes && { closesAt: 200 }) }, now)).toBe(state)
    })
  }

  test("a closed sale stays closed as time passes", () => {
    const standing = fc.constantFrom<Standing[]>("active", "paused", "closed")
    fc.assert(
      fc.property(
        standing,
        fc.nat(),
        fc.option(fc.nat()),
        fc.nat(),
        fc.nat(),
        (standing, opensAt, closes, now, later) => {
          const sale = { standing, opensAt, ...(closes !== null && { closesAt: opensAt + closes }) }
          if (stateOf(sale, now) === "closed") expect(stateOf(sale, now + later)).toBe("closed")
          if (stateOf(sale, now) === "open") expect(now).toBeGreaterThanOrEqual(opensAt)
        },
      ),
    )
  })
})

test("an item is sold out if no unit is free or held", () => {
  expect(isSoldOut({ total: 2, free: 0, held: 0, sold: 2 })).toBe(true)
  expect(isSoldOut({ total: 2, free: 0, held: 1, sold: 1 })).toBe(false)
  expect(isSoldOut({ total: 2, free: 1, held: 0, sold: 1 })).toBe(false)
  expect(isSoldOut({ total: 0, free: 0, held: 0, sold: 0 })).toBe(true)
})
