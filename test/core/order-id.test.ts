import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import { orderId, parseOrderId } from "../../src/core/order.ts"

const SUFFIX = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
/** `ZZZZ`, the highest number that fits. */
const SALES_MAX = 26 + 26 ** 2 + 26 ** 3 + 26 ** 4
const SEQ_MAX = 10 ** 15 - 1

const numbers = fc.integer({ min: 1, max: SALES_MAX })
const seqs = fc.integer({ min: 1, max: SEQ_MAX })
const suffixes = fc.string({ unit: fc.constantFrom(...SUFFIX), minLength: 4, maxLength: 4 })

describe("order ids", () => {
  test("contain the sale in letters, the fact's number and four characters", () => {
    const letters = [1, 2, 26, 27, 28, 52, 53, 702, 703, SALES_MAX].map(number => orderId(number, 7, "4Q2M"))
    expect(letters).toEqual([
      "A7-4Q2M",
      "B7-4Q2M",
      "Z7-4Q2M",
      "AA7-4Q2M",
      "AB7-4Q2M",
      "AZ7-4Q2M",
      "BA7-4Q2M",
      "ZZ7-4Q2M",
      "AAA7-4Q2M",
      "ZZZZ7-4Q2M",
    ])
  })

  test("parse to the parts that they were made from", () => {
    fc.assert(
      fc.property(numbers, seqs, suffixes, (saleNumber, seq, suffix) => {
        expect(parseOrderId(orderId(saleNumber, seq, suffix))).toEqual({ saleNumber, seq, suffix })
      }),
      { numRuns: 1000 },
    )
  })

  test("differ if any part differs", () => {
    const parts = fc.tuple(numbers, seqs, suffixes)
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        const same = one.every((part, at) => part === other[at])
        expect(orderId(...one) === orderId(...other)).toBe(same)
      }),
    )
  })

  test("do not parse if anything else is in the text", () => {
    for (const text of ["", "A7", "A7-", "7-4Q2M", "a7-4Q2M", "A0-4Q2M", "A07-4Q2M", "A7-4q2m", "A7-4Q2", "A7-4Q2MX"]) {
      expect([text, parseOrderId(text)]).toEqual([text, undefined])
    }
    for (const text of [" A7-4Q2M", "A7-4Q2M\n", "AAAAA7-4Q2M", "A1234567890123456-4Q2M", "A7-4Q2M A8-4Q2M"]) {
      expect([text, parseOrderId(text)]).toEqual([text, undefined])
    }
  })

  test("have only one spelling", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Z]{1,4}[0-9]{1,15}-[0-9A-Z]{4}$/), text => {
        const parsed = parseOrderId(text)
        fc.pre(parsed !== undefined)
        expect(orderId(parsed!.saleNumber, parsed!.seq, parsed!.suffix)).toBe(text)
      }),
    )
  })
})
