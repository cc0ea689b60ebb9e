import { afterAll, beforeAll, expect, test } from "bun:test"
import { gunzipSync } from "node:zlib"
import { acceptsGzip } from "../../src/http/static-file.ts"
import type { SaleList } from "../../src/wire/wire.ts"
import { ADMIN_TOKEN, System } from "../support/system.ts"
import { tokenOf } from "../support/token.ts"

/* The kind: an answer that grows with everything that ever was, and is sent to everybody. */
const SALES = 30
/** Every third sale is over. */
const isOver = (at: number) => at % 3 === 0
const idOf = (at: number) => `sale-${String(at).padStart(3, "0")}`
const ids = Array.from({ length: SALES }, (_, at) => idOf(at))

let system: System
beforeAll(async () => {
  system = await System.start({ env: { REPLICAS: "2", DEMO: "0" } })
  for (const [at, id] of ids.entries()) {
    await system.createSale(id)
    if (isOver(at)) await system.admin("POST", `/sales/${id}/close`)
  }
}, 60_000)
afterAll(() => system.stop())

async function listed(path: string): Promise<SaleList> {
  return (await (await system.request(path)).json()) as SaleList
}

test("given after and limit, the list comes in pages, in order of creation", async () => {
  const found: string[] = []
  const sizes: number[] = []
  for (let path: string | undefined = "/api/v1/sales?limit=13"; path; ) {
    const { sales, next }: SaleList = await listed(path)
    found.push(...sales.map(({ id }) => id))
    sizes.push(sales.length)
    path = next === undefined ? undefined : `/api/v1/sales?limit=13&after=${next}`
  }
  expect([found, sizes]).toEqual([ids, [13, 13, 4]])
  expect(await listed("/api/v1/sales?after=1000000")).toEqual({ sales: [] })
  const { sales, next } = await listed("/api/v1/sales?limit=30")
  expect([sales.length, next]).toEqual([30, undefined])
})

test.each([
  "after=-1",
  "after=1e3",
  "after=",
  "limit=0",
  "limit=1001",
  "limit=x",
  "page=2",
  "limit=0x10",
  "after=%201",
])("given the query %s, the list is invalid_request", async query => {
  const response = await system.request(`/api/v1/sales?${query}`)
  expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([400, "invalid_request"])
})

test("the front page has the sales that are not over; if none is left, the last one that was", async () => {
  const { sales } = await listed("/api/v1/front-page")
  expect(sales.map(({ id }) => id).sort()).toEqual(ids.filter((_, at) => !isOver(at)))
  const plain = await (await system.request("/?plain")).text()
  expect([plain.includes(idOf(1)), plain.includes(idOf(0))]).toEqual([true, false])
})

test("the launch page has the browser load the front page, and no list of everything", async () => {
  const { headers } = await system.request("/")
  expect(headers.get("link")).toContain("</api/v1/front-page>; rel=preload")
})

/** The answer as it came over the wire. */
async function raw(path: string, encoding: string, token?: string) {
  const headers = { "Accept-Encoding": encoding, ...(token && { Authorization: `Bearer ${token}` }) }
  const response = await fetch(system.url + path, { headers, decompress: false })
  const bytes = new Uint8Array(await response.arrayBuffer())
  return { bytes, encoding: response.headers.get("content-encoding"), vary: response.headers.get("vary") }
}

test.each(["/api/v1/sales", "/api/v1/front-page", "/openapi.json", "/api/v1/admin/sales/sale-001/facts"])(
  "given gzip, %s is compressed, and otherwise it is not",
  async path => {
    const token = path.includes("admin") ? ADMIN_TOKEN : undefined
    if (token)
      for (let at = 0; at < 5; at++) await system.admin("POST", "/sales/sale-001/items/sale-001/restock", { units: 1 })
    const plain = await raw(path, "identity", token)
    const zipped = await raw(path, "gzip, br", token)
    expect([plain.encoding, zipped.encoding]).toEqual([null, "gzip"])
    expect([plain.vary, zipped.vary]).toEqual(["Accept-Encoding", "Accept-Encoding"])
    expect(zipped.bytes.length).toBeLessThan(plain.bytes.length / 2)
    const now = /"now":"[^"]*"/g
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).replaceAll(now, "")
    expect(text(gunzipSync(zipped.bytes))).toBe(text(plain.bytes))
  },
)

test("small answers and purchases are not compressed", async () => {
  expect((await raw("/api/v1/sales/sale-001", "gzip")).encoding).toBeNull()
  const headers = { "Accept-Encoding": "gzip", Authorization: `Bearer ${tokenOf("ann")}` }
  const body = JSON.stringify({ sku: "sale-001" })
  const bought = await fetch(`${system.url}/api/v1/sales/sale-001/orders`, {
    method: "POST",
    headers,
    body,
    decompress: false,
  })
  expect([bought.status, bought.headers.get("content-encoding")]).toEqual([201, null])
})

test.each([
  ["", false],
  ["gzip", true],
  ["br, GZIP;q=0.5", true],
  ["gzip;q=0", false],
  ["gzip; q=0.000, br", false],
  ["x-gzip-2", false],
])("given Accept-Encoding %j, gzip is taken: %p", (header, takes) => {
  expect(acceptsGzip(header)).toBe(takes)
})
