import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import { chainText, type Fact, GENESIS } from "../../src/core/fact.ts"

const created: Omit<Fact, "hash"> = {
  saleId: "drop",
  seq: 1,
  at: 1767380400000,
  kind: "created",
  terms: { name: "Drop", description: "a | b", opensAt: 1767380400000, limitPerCustomer: 1 },
}

const held: Omit<Fact, "hash"> = {
  saleId: "drop",
  seq: 3,
  at: 1767380400007,
  kind: "held",
  sku: "shoe",
  orderId: "A3-4Q2M",
  customerId: "ann",
  key: "k1",
  quantity: 2,
  unitPrice: { amount: 2_574_900_000, currency: "IDR" },
  payBefore: 1767380460007,
  free: 8,
  held: 2,
  sold: 0,
}

describe("the text that a fact's hash covers", () => {
  test("is exactly this, in every store and in the audit", () => {
    expect(chainText(GENESIS, created)).toBe(
      '|drop|1|1767380400000|created|||||||||||||{"name":"Drop","description":"a | b","opensAt":1767380400000,"limitPerCustomer":1}',
    )
    expect(chainText("abc", held)).toBe(
      "abc|drop|3|1767380400007|held|shoe|A3-4Q2M|ann|k1|2|2574900000|IDR|1767380460007||8|2|0|",
    )
    expect(chainText("abc", { ...held, kind: "released", reason: "expired", held: 0, free: 10 })).toBe(
      "abc|drop|3|1767380400007|released|shoe|A3-4Q2M|ann|k1|2|2574900000|IDR|1767380460007|expired|10|0|0|",
    )
  })

  test("contains version 2 and the canonical data if the fact has data", () => {
    const data = { z: [1, "a|b\nc"], a: { 10: true, 9: "é", B: -2 }, "|": "" }
    expect(chainText("abc", { ...held, data })).toBe(
      'abc|drop|3|1767380400007|held|shoe|A3-4Q2M|ann|k1|2|2574900000|IDR|1767380460007||8|2|0|2|{"a":{"10":true,"9":"é","B":-2},"z":[1,"a\\u007cb\\nc"],"\\u007c":""}|',
    )
    expect(chainText(GENESIS, { ...created, terms: { ...created.terms!, name: "|" }, data: {} })).toEndWith(
      '||||2|{}|{"name":"|","description":"a | b","opensAt":1767380400000,"limitPerCustomer":1}',
    )
  })

  test("changes with every field", () => {
    const identifier = fc.stringMatching(/^[A-Za-z0-9_-]{1,8}$/)
    const number = fc.nat()
    const changes = fc.oneof(
      fc.record({ saleId: identifier }),
      fc.record({ seq: number }),
      fc.record({ at: number }),
      fc.record({ kind: fc.constantFrom("held" as const, "confirmed" as const, "released" as const) }),
      fc.record({ sku: identifier }),
      fc.record({ orderId: identifier }),
      fc.record({ customerId: identifier }),
      fc.record({ key: identifier }),
      fc.record({ quantity: number }),
      fc.record({ unitPrice: fc.record({ amount: number, currency: fc.constantFrom("IDR", "USD") }) }),
      fc.record({ payBefore: fc.option(number, { nil: undefined }) }),
      fc.record({ reason: fc.constantFrom("cancelled" as const, "expired" as const) }),
      fc.record({ free: number }),
      fc.record({ held: number }),
      fc.record({ sold: number }),
      fc.record({ data: fc.dictionary(identifier, fc.oneof(number, fc.string(), fc.boolean())) }),
    )
    fc.assert(
      fc.property(changes, change => {
        const changed = { ...held, ...change }
        expect(chainText("abc", changed) === chainText("abc", held)).toBe(Bun.deepEquals(changed, held))
      }),
      { numRuns: 500 },
    )
    expect(chainText("abd", held)).not.toBe(chainText("abc", held))
  })

  test("is the same for absent and undefined fields", () => {
    expect(chainText("abc", { ...held, reason: undefined, terms: undefined })).toBe(chainText("abc", held))
  })
})
