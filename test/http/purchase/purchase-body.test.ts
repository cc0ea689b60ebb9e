import { expect, test } from "bun:test"
import fc from "fast-check"
import { parseBody } from "../../../src/http/purchase/body.ts"
import { parsePurchase, plainPurchase } from "../../../src/http/purchase/purchase-body.ts"
import { PurchaseRequest, QUANTITY_MAX } from "../../../src/wire/wire.ts"

const sku = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/),
  fc.string({ maxLength: 70 }),
  fc.constantFrom("", "a\n", "a b", "é", "\ud800", "x".repeat(64), "x".repeat(65)),
  fc.jsonValue({ maxDepth: 1 }),
)
const quantity = fc.oneof(
  fc.integer({ min: -1, max: QUANTITY_MAX + 1 }),
  fc.double(),
  fc.constantFrom(0, -0, 1.5, 2 ** 53, 1e21, "1", true, null, QUANTITY_MAX, QUANTITY_MAX + 1),
)
const more = fc.constantFrom("id", "SKU", "__proto__", "constructor", "toString", "")
const fields = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: sku.map(value => ["sku", value] as const) },
      { weight: 4, arbitrary: quantity.map(value => ["quantity", value] as const) },
      fc.tuple(more, fc.jsonValue({ maxDepth: 1 })),
    ),
    { maxLength: 4 },
  )
  // Written by hand, because a text may repeat a field.
  .map(fields => `{${fields.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(",")}}`)
const space = fc.constantFrom("", " ", "\n", "\ufeff", ",")
const text = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(space, fields, space).map(parts => parts.join("")) },
  fc.json(),
  fc.string(),
  fc.constantFrom("", "null", "[]", "{}", "1", '{"sku":"a","quantity":1e2}', '{"sku":"a","quantity":1.0}'),
)

test("given any body, the quick reader of purchases answers exactly what the schema answers", () => {
  fc.assert(
    fc.property(text, text => {
      const answer = parseBody(text, PurchaseRequest)
      // Twice, because the second time it may be remembered.
      expect(parsePurchase(text)).toEqual(answer)
      expect(parsePurchase(text)).toEqual(answer)
    }),
    { numRuns: 3000 },
  )
})

test("given no body, one that is too large or one that is long, answers as the schema does", () => {
  const long = `{"sku":"shoes"${" ".repeat(300)}}`
  for (const text of [undefined, "", long]) expect(parsePurchase(text)).toEqual(parseBody(text, PurchaseRequest))
})

test("given more texts than are kept, still answers each as the schema does", () => {
  for (let at = 0; at < 250; at++) expect(parsePurchase(`{"sku":"s${at}"}`)).toMatchObject({ value: { sku: `s${at}` } })
})

test("a usual body needs no schema", () => {
  const bodies = ['{"sku":"shoes"}', '{ "quantity": 1000, "sku": "shoes" }']
  expect(bodies.map(text => plainPurchase(text)?.ok)).toEqual([true, true])
})
