import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import { queryOf } from "../../src/ui/control/data/queries.ts"
import { fieldErrorsOf } from "../../src/ui/control/dialogs/field-errors.ts"
import {
  draftOf,
  instant,
  localTime,
  minorOf,
  newDraft,
  patchOf,
  type SaleDraft,
  slug,
  termsOf,
} from "../../src/ui/control/dialogs/sale-draft.ts"
import { NewSale, type Sale, SalePatch } from "../../src/wire/wire.ts"

const NOW = Date.parse("2026-09-01T12:00:00Z")

const good: SaleDraft = {
  ...newDraft(NOW),
  id: "shoes",
  name: "Shoes",
  items: [{ sku: "red", name: "Red", price: "19.99", listPrice: "", total: "10" }],
}

/** Values that a reader may type: valid, nearly valid and wrong. */
const texts = fc.oneof(
  fc.constantFrom(
    "",
    " ",
    "a",
    "red",
    "A_b-1",
    "ä",
    "1",
    "0",
    "5",
    "86400",
    "86401",
    "1000",
    "1001",
    "-1",
    "1.5",
    "1e3",
  ),
  fc.constantFrom(
    "19.99",
    "19.999",
    "0.1",
    "9".repeat(15),
    "9".repeat(16),
    "2026-09-01T12:00",
    "2026-09-01T12:01",
    "x".repeat(201),
  ),
  fc.constantFrom(
    "x".repeat(64),
    "x".repeat(65),
    "x".repeat(2001),
    "1000000000",
    "1000000001",
    "IDR",
    "JPY",
    "usd",
    "KWD",
  ),
)
const items = fc.record({ sku: texts, name: texts, price: texts, listPrice: texts, total: texts })

/** The valid draft with some fields replaced. */
const drafts = fc
  .record(
    {
      ...{ id: texts, name: texts, description: texts, opensAt: texts, closesAt: texts, holdSeconds: texts },
      ...{ limitPerCustomer: texts, currency: texts, checkout: fc.constantFrom("instant", "hold") },
      items: fc.array(items, { minLength: 1, maxLength: 3 }),
    },
    { requiredKeys: [] },
  )
  .map(change => ({ ...good, ...change }) as SaleDraft)

/** At most two fields differ from the valid draft. With more, hardly any draft would be valid. */
const nearlyGood = fc
  .tuple(drafts, fc.subarray(Object.keys(good) as (keyof SaleDraft)[], { maxLength: 2 }))
  .map(([wild, names]) => ({ ...good, ...Object.fromEntries(names.map(name => [name, wild[name]])) }) as SaleDraft)

describe("the sale form", () => {
  test("finds no error in a draft exactly if the server accepts it", () => {
    const seen = { valid: 0, invalid: 0 }
    fc.assert(
      fc.property(nearlyGood, draft => {
        const errors = Object.keys(fieldErrorsOf(draft))
        seen[errors.length === 0 ? "valid" : "invalid"]++
        expect([errors, acceptedByServer(draft)]).toEqual([errors, errors.length === 0])
      }),
      { numRuns: 3000 },
    )
    expect(Math.min(seen.valid, seen.invalid)).toBeGreaterThan(300)
  })

  test("names a wrong field as the server does", () => {
    const wrong = { ...good, items: [good.items[0]!, { ...good.items[0]!, price: "free", total: "-1" }] }
    expect(fieldErrorsOf(wrong)).toEqual({
      "items.1.sku": "duplicate",
      "items.1.price": "notAPrice",
      "items.1.total": "notWhole",
    })
    const cheaper = { ...good.items[0]!, price: "149", listPrice: "148.99" }
    expect(fieldErrorsOf({ ...good, currency: "EUR", items: [cheaper] })).toEqual({ "items.0.listPrice": "belowPrice" })
    expect(fieldErrorsOf({ ...good, currency: "EUR", items: [cheaper] }, true)).toEqual({})
  })

  test("sends only the terms that were changed", () => {
    const sale = saleOf(good)
    expect(patchOf(draftOf(sale), sale)).toEqual({})
    expect(patchOf({ ...draftOf(sale), name: "Boots", limitPerCustomer: "2" }, sale)).toEqual({
      name: "Boots",
      limitPerCustomer: 2,
    })
    const ending = { ...sale, closesAt: "2026-09-02T00:00:00.000Z" }
    const patch = patchOf({ ...draftOf(ending), closesAt: "" }, ending)
    expect(patch).toEqual({ closesAt: null })
    expect(SalePatch.safeParse(patch).success).toBe(true)
  })

  test("shows the terms that it sent, with times in this machine's zone", () => {
    expect(draftOf(saleOf(good))).toMatchObject({ ...good, items: [{ ...good.items[0]!, total: "10" }] })
    expect(instant(localTime(NOW))).toBe("2026-09-01T12:00:00.000Z")
  })
})

test.each([
  ["19.99", "USD", 1999],
  ["25749000", "IDR", 2_574_900_000],
  ["1999", "JPY", 1999],
  ["19.5", "JPY", undefined],
  ["1.234", "KWD", 1234],
  ["1.234", "USD", undefined],
  ["149", "EUR", 14_900],
  ["149.000", "EUR", undefined],
  ["149.000", "IDR", undefined],
  ["149.5", "EUR", undefined],
  ["0x10", "EUR", undefined],
  ["1e3", "EUR", undefined],
  ["1,5", "USD", undefined],
  ["", "USD", undefined],
  ["1", "rupiah", undefined],
])("%p %s is %p minor units", (text, currency, minor) => {
  expect(minorOf(text, currency)).toBe(minor)
})

test.each([
  ["iPhone 17 Pro Max", "iphone-17-pro-max"],
  ["  Élan & Co. ", "elan-co"],
  ["…", ""],
  ["x".repeat(80), "x".repeat(64)],
])("the sale %p gets the id %p", (name, id) => {
  expect(slug(name)).toBe(id)
})

test("a query selects exactly the outcomes of its group", () => {
  expect(queryOf("busy")).toBe(
    'sum(rate(flash_sale_requests_total{outcome=~"overloaded|reconciling|rate_limited"}[1m]))',
  )
  expect(queryOf("other")).toStartWith('sum(rate(flash_sale_requests_total{outcome!~"confirmed|held|')
})

function acceptedByServer(draft: SaleDraft): boolean {
  try {
    return NewSale.safeParse(termsOf(draft)).success
  } catch {
    return false
  }
}

function saleOf(draft: SaleDraft): Sale {
  const { items, ...terms } = NewSale.parse(termsOf(draft))
  const shown = { state: "scheduled" as const, now: terms.opensAt, seq: 2, version: 2 }
  return { ...terms, ...shown, items: items.map(item => ({ ...item, free: item.total, held: 0, sold: 0 })) }
}
