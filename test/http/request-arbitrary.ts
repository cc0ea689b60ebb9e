import fc from "fast-check"
import type { NewSale } from "../../src/wire/wire.ts"
import type { ApiDocument, Operation } from "../support/http/document.ts"
import type { RawRequest } from "../support/http/raw-connection.ts"
import { ADMIN_TOKEN } from "../support/system.ts"
import { type FuzzSales, SKUS } from "./fuzz-sales.ts"
import { mostly, rarely, rarelyNot } from "./odds.ts"
import { almost, arbitraryOf, garbage } from "./schema-arbitrary.ts"

/** Operations that close a sale, read a whole journal, keep a connection or lock this address: one in a few hundred is enough. */
const RARE = [
  "closeSale",
  "auditSale",
  "exportOrders",
  "watchSale",
  "metrics",
  "allMetrics",
  "docs",
  "openapi",
  "listFacts",
  "signIn",
]
const OFTEN = ["purchase", "confirmOrder", "cancelOrder"]
/** These may end a sale for good, so they reach only sales that nothing else needs. */
const STEERING = ["amendSale", "pauseSale", "resumeSale", "closeSale"]

/** Well-formed HTTP requests: every operation, with values from valid to absurd. */
export function requests(document: ApiDocument, sales: FuzzSales): fc.Arbitrary<RawRequest> {
  const weighted = document.operations.map(operation => ({
    weight: RARE.includes(operation.operationId) ? 1 : OFTEN.includes(operation.operationId) ? 240 : 30,
    arbitrary: requestOf(document, sales, operation),
  }))
  return fc.oneof(...weighted, { weight: 20, arbitrary: strayRequest })
}

function requestOf(document: ApiDocument, sales: FuzzSales, operation: Operation): fc.Arbitrary<RawRequest> {
  return fc
    .record({
      method: mostly(
        50,
        fc.constant(operation.method),
        fc.constantFrom("HEAD", "PUT", "DELETE", "OPTIONS", "GET", "POST"),
      ),
      path: pathOf(document, sales, operation),
      query: queryOf(document, operation),
      headers: headersOf(sales, operation),
      body: bodyOf(document, operation),
      chunked: mostly(9, fc.constant(false), fc.constant(true)),
    })
    .map(({ query, path, body, method, ...rest }) => ({
      ...rest,
      method,
      path: path + query,
      ...(method !== "GET" && method !== "HEAD" && body !== undefined && { body }),
    }))
}

/** Paths that no operation has. */
const strayRequest: fc.Arbitrary<RawRequest> = fc
  .array(
    fc.oneof(fc.constantFrom("api", "v1", "sales", "admin", "orders", "assets", "..", "", "docs.css"), segment()),
    { maxLength: 6 },
  )
  .map(parts => ({ method: "GET", path: `/${parts.join("/")}`, headers: [] }))

function pathOf(
  document: ApiDocument,
  sales: FuzzSales,
  { path, operationId, parameters }: Operation,
): fc.Arbitrary<string> {
  const saleIds = STEERING.includes(operationId) ? sales.changing : [...sales.stable, ...sales.changing]
  const known: Record<string, fc.Arbitrary<string>> = {
    saleId: fc.constantFrom(...saleIds),
    orderId: fc.constantFrom(...sales.orderIds),
    sku: fc.constantFrom(...SKUS),
    // No node has this name, so that the fuzz kills none.
    nodeId: fc.constant("node-0"),
    name: fc.constantFrom("olga", "nobody"),
  }
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!)
  const schemaOf = (name: string) => parameters.find(parameter => parameter.name === name)!.schema
  const values = names.map(name =>
    fc.oneof(
      { weight: 12, arbitrary: known[name]! },
      { weight: 1, arbitrary: segment() },
      ...(name === "nodeId"
        ? []
        : [{ weight: 1, arbitrary: arbitraryOf(schemaOf(name), document.requests, {}).map(encoded) }]),
    ),
  )
  return fc.tuple(...values).map(found => names.reduce((text, name, at) => text.replace(`{${name}}`, found[at]!), path))
}

function encoded(value: unknown): string {
  return encodeURIComponent(String(value).toWellFormed())
}

/** One segment of a path: text, or bytes that are not valid text. Only some are escaped as an address must be. */
function segment(): fc.Arbitrary<string> {
  const texts = fc.oneof(
    fc.string({ unit: "binary", maxLength: 70 }),
    fc.constantFrom("..", "%", "\u0000", "a/b", "x".repeat(1500)),
  )
  const bytes = fc.oneof(
    texts.map(text => Buffer.from(text)),
    fc.uint8Array({ minLength: 1, maxLength: 10 }),
  )
  const escaped = bytes.map(some => [...some].map(byte => `%${byte.toString(16).padStart(2, "0")}`).join(""))
  return fc.oneof(texts.map(encodeURIComponent), escaped).filter(text => text !== "")
}

function queryOf(document: ApiDocument, { parameters }: Operation): fc.Arbitrary<string> {
  const queries = parameters.filter(parameter => parameter.in === "query")
  const names = fc.constantFrom("after", "limit", "__proto__", "x", "")
  const anything = fc.oneof(fc.maxSafeInteger(), garbage).map(value => encode(String(JSON.stringify(value))))
  const pairs = fc.array(fc.tuple(names, anything), { minLength: 1, maxLength: 3 })
  if (queries.length === 0) return mostly(20, fc.constant(""), pairs.map(queryText))
  const valid = fc.record(
    Object.fromEntries(queries.map(({ name, schema }) => [name, arbitraryOf(schema, document.requests, {})])),
    {
      requiredKeys: [],
    },
  )
  return fc.oneof(
    fc.constant(""),
    valid.map(values => queryText(Object.entries(values).map(([k, v]) => [k, String(v)]))),
    pairs.map(queryText),
  )
}

function queryText(pairs: [string, string][]): string {
  return pairs.length === 0 ? "" : `?${pairs.map(([name, value]) => `${name}=${value}`).join("&")}`
}

function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed())
}

function headersOf({ tokens, port }: FuzzSales, { security }: Operation): fc.Arbitrary<[string, string][]> {
  const customer = fc.constantFrom(...tokens)
  const admin = fc.constant(ADMIN_TOKEN)
  const isForAdmin = security.length > 0 && !security.some(scheme => "customer" in scheme)
  const token = isForAdmin ? mostly(5, admin, customer) : mostly(5, customer, admin)
  const word = fc.stringMatching(/^[!-~]([ -~]{0,60}[!-~])?$/)
  // Few, because an address that sends too many wrong tokens is locked.
  const guess = fc.constantFrom("letmein", "admin", "=", "a".repeat(3000), "..", "Bearer")
  const bearer = mostly(12, token, guess)
  const key = fc.oneof(
    { weight: 15, arbitrary: fc.integer({ min: 1, max: 25 }).map(n => `key-${n}`) },
    { weight: 5, arbitrary: fc.integer({ min: 1, max: 25 }).map(n => `"key-${n}"`) },
    { weight: 1, arbitrary: word },
  )
  const header = (name: string, values: fc.Arbitrary<string>) => values.map(value => [name, value] as [string, string])
  return fc
    .tuple(
      rarelyNot(
        8,
        header(
          "Authorization",
          fc.oneof(
            { weight: 14, arbitrary: bearer.map(text => `Bearer ${text}`) },
            { weight: 1, arbitrary: word.filter(text => !/^bearer /i.test(text)) },
          ),
        ),
      ),
      rarelyNot(6, header("Idempotency-Key", key)),
      rarely(
        8,
        header(
          "Cookie",
          token.map(text => `a=b; session=${text}`),
        ),
      ),
      rarely(
        8,
        header("Origin", fc.oneof(fc.constantFrom(`http://127.0.0.1:${port}`, "null", "https://evil.example"), word)),
      ),
      rarely(6, header("Sec-Fetch-Site", fc.constantFrom("same-origin", "cross-site", "none"))),
      rarely(
        6,
        header(
          "Content-Type",
          fc.oneof(fc.constantFrom("application/json", "text/plain", "multipart/form-data"), word),
        ),
      ),
      rarely(10, header("X-Forwarded-Proto", word)),
      rarely(10, fc.tuple(fc.constantFrom("X-Anything", "Accept", "Accept-Encoding", "Range", "If-None-Match"), word)),
    )
    .map(headers => headers.flat() as [string, string][])
}

function bodyOf(document: ApiDocument, operation: Operation): fc.Arbitrary<Uint8Array | string | undefined> {
  const schema = document.bodySchema(operation)
  if (!schema) return rarely(10, fc.constantFrom("{}", "null", "garbage")).map(([body]) => body)
  const known = {
    Sku: fc.constantFrom(...SKUS),
    SaleId: fc.integer({ min: 1, max: 40 }).map(n => `made-${n}`),
    AdminToken: fc.constantFrom(ADMIN_TOKEN, "letmein"),
  }
  const anything = arbitraryOf(schema, document.requests, known)
  const small = fc.record({ sku: known.Sku, quantity: fc.integer({ min: 1, max: 3 }) }, { requiredKeys: ["sku"] })
  const usual: Record<string, fc.Arbitrary<unknown>> = { purchase: small, createSale: anything.map(coherent) }
  const { operationId } = operation
  const valid = usual[operationId] ? mostly(4, usual[operationId], anything) : anything
  const text = (values: fc.Arbitrary<unknown>) => values.map(value => JSON.stringify(tame(value)))
  const broken = fc.tuple(text(valid), fc.nat()).map(([json, at]) => json.slice(0, at % json.length))
  const twice = text(valid).map(json => json.replace("{", '{"sku":"b","quantity":2,"sku":"a",'))
  return fc.oneof(
    { weight: 30, arbitrary: text(valid) },
    { weight: 8, arbitrary: text(almost(valid)) },
    { weight: 2, arbitrary: text(garbage) },
    { weight: 2, arbitrary: fc.oneof(broken, twice) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 60 }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        undefined,
        "",
        " ",
        "[".repeat(16_000),
        `${'{"a":'.repeat(3000)}1`,
        '{"quantity":1e400}',
        "\ufeff{}",
      ),
    },
    { weight: 1, arbitrary: fc.constantFrom(17_000, 70_000).map(size => `{"sku":"${"x".repeat(size)}"}`) },
  )
}

/** Always the same wrong token: many different ones would lock this address. */
function tame(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value) || !("token" in value)) return value
  return typeof value.token === "string" && value.token !== ADMIN_TOKEN ? { ...value, token: "letmein" } : value
}

/** A new sale that obeys the rules between its fields. */
function coherent(anything: unknown): object {
  const { closesAt: _, holdSeconds = 60, items, ...sale } = anything as NewSale
  const priced = items.map((item, at) => ({ ...item, sku: `item-${at}`, price: { amount: at, currency: "IDR" } }))
  return { ...sale, items: priced, ...(sale.checkout === "hold" && { holdSeconds }) }
}
