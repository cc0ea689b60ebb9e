import fc from "fast-check"
import type { Schema, SchemaCheck } from "../support/http/schema-check.ts"

/** Values that a schema allows. `known` overrides them for the schemas that it names. */
export function arbitraryOf(
  schema: Schema,
  check: SchemaCheck,
  known: Record<string, fc.Arbitrary<unknown>>,
): fc.Arbitrary<unknown> {
  const inner = (nested: unknown) => arbitraryOf(nested as Schema, check, known)
  if (typeof schema.$ref === "string") {
    const name = schema.$ref.split("/").at(-1)!
    const any = inner(check.resolve(schema.$ref))
    return known[name] ? fc.oneof({ weight: 9, arbitrary: known[name] }, { weight: 1, arbitrary: any }) : any
  }
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (Array.isArray(schema.enum)) return fc.constantFrom(...(schema.enum as unknown[]))
  if (Array.isArray(schema.anyOf)) return fc.oneof(...schema.anyOf.map(inner))
  switch (schema.type) {
    case "object":
      return objectOf(schema, inner)
    case "array":
      return fc.array(inner(schema.items), { minLength: (schema.minItems as number) ?? 0, maxLength: 4 })
    case "integer":
      return integerOf(schema)
    case "string":
      return stringOf(schema)
    case "boolean":
      return fc.boolean()
    case "null":
      return fc.constant(null)
    default:
      throw new Error(`no values for ${JSON.stringify(schema)}`)
  }
}

function objectOf(schema: Schema, inner: (schema: unknown) => fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const properties = Object.entries((schema.properties ?? {}) as Record<string, Schema>)
  const record = Object.fromEntries(properties.map(([name, property]) => [name, inner(property)]))
  return fc.record(record, { requiredKeys: (schema.required ?? []) as string[] })
}

/** Draws the ends of the range as often as values between. */
function integerOf({ minimum, maximum }: Schema): fc.Arbitrary<number> {
  const min = (minimum as number) ?? Number.MIN_SAFE_INTEGER
  const max = (maximum as number) ?? Number.MAX_SAFE_INTEGER
  return fc.oneof(
    fc.maxSafeInteger().map(value => min + (Math.abs(value) % (max - min + 1))),
    fc.constantFrom(min, max, min + 1),
  )
}

function stringOf({ pattern, format, minLength, maxLength }: Schema): fc.Arbitrary<string> {
  if (typeof pattern === "string") {
    const fitting = fc.stringMatching(new RegExp(pattern))
    return format === "date-time" ? fc.oneof(fitting, fc.constantFrom(...EDGES_OF_TIME)) : fitting
  }
  const size = { minLength: (minLength as number) ?? 0, maxLength: Math.min((maxLength as number) ?? 50, 300) }
  return fc.oneof(
    { weight: 9, arbitrary: fc.string({ ...size, unit: "grapheme" }) },
    { weight: 1, arbitrary: fc.string({ ...size, unit: codeUnit }) },
  )
}

/** Text with surrogate halves and control characters. */
const codeUnit = fc.oneof(fc.nat({ max: 0xffff }), fc.constantFrom(0, 0xd800)).map(code => String.fromCharCode(code))

const EDGES_OF_TIME = [
  "9999-12-31T23:59:59-23:59",
  "9999-12-31T23:59:59.999Z",
  "0000-01-01T00:00:00+23:59",
  "1970-01-01T00:00:00Z",
  "1969-12-31T23:59:59.999Z",
  "2024-02-29T00:00:00.000000001Z",
]

/** Values that schemas rarely foresee. */
export const garbage: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(
    null,
    true,
    "",
    "\u0000",
    "\ud800",
    "💥",
    " ",
    "1",
    "NaN",
    "-1",
    "__proto__",
    "a'; DROP TABLE orders; --",
  ),
  fc.constantFrom(0, -0, -1, 1.5, 1e9 + 1, 2 ** 53, 1e308, -1e308, 5e-324),
  fc.constantFrom("2026-02-30T00:00:00Z", "2026-01-01", "2026-01-01T24:00:00Z"),
  fc.string({ unit: "binary", maxLength: 80 }),
  fc.double(),
  fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<unknown>,
  fc.constant({ toString: 1, valueOf: 1 }),
)

/** The same value with one part replaced, removed, added or wrapped. */
export function almost(values: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const name = fc.constantFrom("__proto__", "constructor", "x", "", "id", "seq", "free", "customerId", "price")
  return fc.tuple(values, garbage, fc.constantFrom("replace", "remove", "add", "wrap"), fc.nat(), name).map(spoil)
}

function spoil([value, wrong, how, where, name]: [unknown, unknown, string, number, string]): unknown {
  if (typeof value !== "object" || value === null || Object.keys(value).length === 0) return wrong
  const names = Object.keys(value)
  const at = names[where % names.length]!
  const copy = (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>
  const child = copy[at]
  if (typeof child === "object" && child !== null && where % 3 > 0) {
    copy[at] = spoil([child, wrong, how, Math.floor(where / 3), name])
    return copy
  }
  if (how === "replace") copy[at] = wrong
  else if (how === "remove") delete copy[at]
  else if (how === "wrap") copy[at] = [copy[at]]
  else Object.defineProperty(copy, name, { value: wrong, enumerable: true, configurable: true, writable: true })
  return copy
}
