import { afterAll, beforeAll, expect, test } from "bun:test"
import { z } from "zod"
import { NEW_SALE_BYTES_MAX } from "../../src/http/api/admin.ts"
import { ROUTES } from "../../src/http/api/routes.ts"
import { BODY_BYTES_MAX } from "../../src/http/purchase/body.ts"
import { NewSale } from "../../src/wire/wire.ts"
import { ADMIN_TOKEN, System } from "../support/system.ts"

/*
 * The kind: a limit that refuses what another limit allows. The largest body of each route is worked out from its schema, with
 * every character in the longest form that JSON has for it.
 */
type Schema = {
  type?: string
  maxLength?: number
  maxItems?: number
  maximum?: number
  pattern?: string
  items?: Schema
} & {
  properties?: Record<string, Schema>
  enum?: string[]
  anyOf?: Schema[]
  format?: string
  $ref?: string
  const?: unknown
  $defs?: Record<string, Schema>
}

const ESCAPED_BYTES = 6

function bytesMax(schema: Schema, named: Record<string, Schema>): number {
  const name = /^#\/\$defs\/(.+)$/.exec(schema.$ref ?? "")?.[1]
  const target = name === undefined ? undefined : named[name]
  if (target) return bytesMax(target, named)
  const { type, properties, items, maxItems, maxLength, pattern, format, anyOf } = schema
  if (schema.enum) return Math.max(...schema.enum.map(word => word.length)) + 2
  if (schema.const !== undefined) return JSON.stringify(schema.const).length
  if (anyOf) return Math.max(...anyOf.map(one => bytesMax(one, named)))
  if (type === "object" && properties) {
    return Object.entries(properties).reduce((sum, [name, one]) => sum + name.length + 4 + bytesMax(one, named), 2)
  }
  if (type === "array" && items && maxItems) return 2 + maxItems * (bytesMax(items, named) + 1)
  if (type === "integer" || type === "number") return 16
  if (type === "boolean" || type === "null") return 5
  if (type !== "string") throw new Error(`The size of ${JSON.stringify(schema)} is not bounded.`)
  const length = maxLength ?? (format === "date-time" ? 40 : Number(/\{(?:\d+,)?(\d+)\}\$?$/.exec(pattern ?? "")?.[1]))
  if (Number.isNaN(length)) throw new Error(`The length of ${JSON.stringify(schema)} is not bounded.`)
  return length * ESCAPED_BYTES + 2
}

const withBody = ROUTES.flatMap(({ method, path, body, bodyBytesMax = BODY_BYTES_MAX }) =>
  body ? [[`${method} ${path}`, body, bodyBytesMax] as const] : [],
)

test.each(withBody)("%s takes the largest body that its schema allows", (_, body, limit) => {
  const schema = z.toJSONSchema(body, { io: "input", unrepresentable: "any" }) as Schema
  expect(bytesMax(schema, schema.$defs ?? {})).toBeLessThanOrEqual(limit)
})

let system: System
beforeAll(async () => {
  system = await System.start({ env: { REPLICAS: "1" } })
}, 60_000)
afterAll(() => system.stop())

test("the largest sale is created, and a larger body is refused with 413", async () => {
  const escaped = (text: string) => text.replaceAll("é", "\\u00e9")
  const price = { amount: Number.MAX_SAFE_INTEGER, currency: "EUR" }
  const items = Array.from({ length: 50 }, (_, at) => ({
    sku: String(at).padStart(64, "s"),
    name: "é".repeat(200),
    price,
    listPrice: price,
    total: 1_000_000_000,
  }))
  const times = { opensAt: "2026-01-01T00:00:00.000+00:00", closesAt: "2099-01-01T00:00:00.000+00:00" }
  const texts = { name: "é".repeat(200), description: "é".repeat(2000) }
  const sale = NewSale.parse({ id: "l".repeat(64), ...texts, ...times, checkout: "hold", holdSeconds: 600, items })
  const body = escaped(JSON.stringify(sale))
  expect(body.length).toBeGreaterThan(80_000)
  const post = (text: string) =>
    system.request("/api/v1/admin/sales", { method: "POST", token: ADMIN_TOKEN, body: text })
  expect((await post(body)).status).toBe(201)
  const refused = await post(body.padEnd(NEW_SALE_BYTES_MAX + 1))
  expect([refused.status, ((await refused.json()) as { detail: string }).detail]).toEqual([
    413,
    "The body is larger than 128 KiB.",
  ])
})
