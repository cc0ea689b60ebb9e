import { afterAll, beforeAll, expect, test } from "bun:test"
import type { FactPage, Order, OrderPage } from "../../src/wire/wire.ts"
import { ADMIN_TOKEN, System } from "../support/system.ts"
import { tokenOf } from "../support/token.ts"

const BUYERS = 25

let system: System
const bought: Order[] = []

beforeAll(async () => {
  system = await System.start()
  await system.createSale("books", { checkout: "hold", holdSeconds: 3600 })
  for (let at = 0; at < BUYERS; at++) {
    bought.push((await (await system.buy("books", tokenOf(`reader-${at}`), "k")).json()) as Order)
  }
  // Later changes of an order do not move it in the list.
  await system.request(`/api/v1/orders/${bought[0]!.id}/confirm`, { method: "POST", token: ADMIN_TOKEN })
  await system.request(`/api/v1/orders/${bought[3]!.id}/cancel`, { method: "POST", token: ADMIN_TOKEN })
}, 30_000)
afterAll(() => system.stop())

/** Follows `next` from the first page to the last. */
async function pagesOf<Page extends { next?: number | undefined }>(path: string, limit: number): Promise<Page[]> {
  const pages: Page[] = []
  for (let after: number | undefined = 0; after !== undefined && pages.length < 100; ) {
    const page: Page = await system.admin("GET", `${path}?limit=${limit}&after=${after}`)
    pages.push(page)
    after = page.next
  }
  return pages
}

test.each([1, 7, 24, 25, 26, 1000])(
  "pages of %d orders together hold every order once, in order of creation",
  async limit => {
    const pages = await pagesOf<OrderPage>("/sales/books/orders", limit)
    expect(pages.flatMap(({ orders }) => orders.map(({ id }) => id))).toEqual(bought.map(({ id }) => id))
    for (const { orders } of pages.slice(0, -1)) expect(orders.length).toBe(limit)
  },
)

test.each([1, 10, 1000])("pages of %d facts together hold the whole journal", async limit => {
  const facts = (await pagesOf<FactPage>("/sales/books/facts", limit)).flatMap(page => page.facts)
  expect(facts.map(({ seq }) => seq)).toEqual(Array.from({ length: 2 + BUYERS + 2 }, (_, at) => at + 1))
  expect(facts.map(({ kind }) => kind)).toEqual([
    "created",
    "stocked",
    ...Array(BUYERS).fill("held"),
    "confirmed",
    "released",
  ])
})

test("a list shows the current state of each order", async () => {
  const { orders } = await system.admin<OrderPage>("GET", "/sales/books/orders")
  expect(orders[0]).toMatchObject({ state: "confirmed" })
  expect(orders[3]).toMatchObject({ state: "released", releaseReason: "cancelled" })
  expect(orders[1]).toEqual(bought[1]!)
})

test.each([
  "limit=0",
  "limit=1001",
  "limit=x",
  "limit=",
  "after=-1",
  "after=1.5",
  "after=",
  "limit=0x10",
  "after=1e3",
  "page=2",
])("?%s is refused", async query => {
  for (const list of ["orders", "facts"]) {
    const response = await system.request(`/api/v1/admin/sales/books/${list}?${query}`, { token: ADMIN_TOKEN })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ code: "invalid_request", path: query.split("=")[0]! })
  }
})

test.each(["orders", "facts", "orders.csv", "audit"])("%s of an unknown sale: 404", async list => {
  const response = await system.request(`/api/v1/admin/sales/nowhere/${list}`, { token: ADMIN_TOKEN })
  expect(response.status).toBe(404)
})

test("the CSV has a header and one line per order (RFC 4180)", async () => {
  const response = await system.request("/api/v1/admin/sales/books/orders.csv", { token: ADMIN_TOKEN })
  expect(response.headers.get("content-type")).toBe("text/csv; charset=utf-8")
  expect(response.headers.get("content-disposition")).toBe('attachment; filename="books-orders.csv"')
  const text = await response.text()
  expect(text.endsWith("\r\n")).toBe(true)
  const [header, ...lines] = text
    .trimEnd()
    .split("\r\n")
    .map(line => line.split(","))
  const { orders } = await system.admin<OrderPage>("GET", "/sales/books/orders")
  expect(header?.slice(0, 9)).toEqual([
    "id",
    "sku",
    "quantity",
    "amount",
    "currency",
    "state",
    "releaseReason",
    "customerId",
    "createdAt",
  ])
  const cells = ({ id, sku, quantity, unitPrice, state, releaseReason, customerId, createdAt }: Order) =>
    [id, sku, quantity, unitPrice.amount, unitPrice.currency, state, releaseReason, customerId, createdAt].map(cell =>
      String(cell ?? ""),
    )
  expect(lines.map(line => line.slice(0, 9))).toEqual(orders.map(cells))
})

test("the CSV of a sale without orders is the header alone, and of many orders it has them all", async () => {
  await system.createSale("empty")
  const csvOf = async (id: string) =>
    (await system.request(`/api/v1/admin/sales/${id}/orders.csv`, { token: ADMIN_TOKEN })).text()
  expect((await csvOf("empty")).split("\r\n").length).toBe(2)
  await system.createSale("many", { total: 2100 })
  const lanes = Array.from({ length: 20 }, async (_, lane) => {
    for (let at = 0; at < 105; at++) await system.buy("many", tokenOf(`m-${lane}-${at}`), "k")
  })
  await Promise.all(lanes)
  const ids = (await csvOf("many"))
    .trimEnd()
    .split("\r\n")
    .slice(1)
    .map(line => line.split(",")[0]!)
  expect(ids.length).toBe(2100)
  expect(new Set(ids).size).toBe(2100)
}, 30_000)
