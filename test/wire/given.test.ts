import { expect, test } from "bun:test"
import { amountGiven, amountText, moneyText, positiveGiven, wholeGiven } from "../../src/wire/given.ts"

/*
 * The kind: a text that a person or a shell script gives, which a lenient reader would take for another value than was meant.
 * `Number` reads "" as 0, "0x10" as 16, "1e3" as 1000 and " 5 " as 5; a price in major units was read in minor ones. Every
 * value that a command or a form takes goes through src/wire/given.ts, which takes one form only.
 */
const NEVER = [
  "",
  " ",
  "0x10",
  "1e3",
  "+5",
  "-5",
  " 5",
  "5 ",
  "5\n",
  "1_000",
  "1,000",
  "1 000",
  "٥",
  "Infinity",
  "NaN",
  "1/2",
]

test.each(NEVER)("given %j, no reader reads a value", text => {
  expect(wholeGiven(text, 0, Number.MAX_SAFE_INTEGER)).toBeUndefined()
  expect(positiveGiven(text, 1e9)).toBeUndefined()
  for (const currency of ["EUR", "IDR", "JPY", "KWD"]) expect(amountGiven(text, currency)).toBeUndefined()
})

test.each([
  ["149.00", "EUR", 14_900],
  ["0.01", "EUR", 1],
  ["149", "EUR", undefined],
  ["14900", "EUR", undefined],
  ["149.0", "EUR", undefined],
  ["149.000", "EUR", undefined],
  ["149,00", "EUR", undefined],
  ["1.490.00", "EUR", undefined],
  [".99", "EUR", undefined],
  ["149.", "EUR", undefined],
  ["25749000.00", "IDR", 2_574_900_000],
  ["25.749.000", "IDR", undefined],
  ["149.000", "IDR", undefined],
  ["149", "JPY", 149],
  ["149.00", "JPY", undefined],
  ["1.234", "KWD", 1234],
  ["90071992547409.91", "EUR", Number.MAX_SAFE_INTEGER],
  ["90071992547409.92", "EUR", undefined],
])("given the price %j in %s, it is %p minor units", (text, currency, amount) => {
  expect(amountGiven(text, currency)).toBe(amount)
})

test("given an amount, its text is what the reader reads", () => {
  for (const currency of ["EUR", "JPY", "KWD"]) {
    for (const amount of [0, 1, 9, 10, 99, 100, 14_900, Number.MAX_SAFE_INTEGER]) {
      expect(amountGiven(amountText({ amount, currency }), currency)).toBe(amount)
    }
  }
  expect(moneyText({ amount: 14_900, currency: "EUR" })).toBe("149.00 EUR")
})

test("given bounds, a number outside of them is not read", () => {
  expect([wholeGiven("0", 1, 5), wholeGiven("1", 1, 5), wholeGiven("5", 1, 5), wholeGiven("6", 1, 5)]).toEqual([
    undefined,
    1,
    5,
    undefined,
  ])
  expect([positiveGiven("0", 5), positiveGiven("0.5", 5), positiveGiven("5.1", 5)]).toEqual([undefined, 0.5, undefined])
})
