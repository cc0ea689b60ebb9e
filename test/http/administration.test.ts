import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Problem, Sale } from "../../src/wire/wire.ts"
import { caughtUp } from "../support/http/caught-up.ts"
import { ADMIN_TOKEN, System } from "../support/system.ts"

let system: System

beforeAll(async () => {
  system = await System.start()
  await system.createSale("steady")
}, 30_000)
afterAll(() => system.stop())

const price = { amount: 100, currency: "IDR" }
const item = { sku: "a", name: "A", price, total: 1 }
const good = { id: "new", name: "New", opensAt: "2026-01-01T00:00:00Z", items: [item] }

async function send(method: string, path: string, body?: object): Promise<{ status: number; body: Sale & Problem }> {
  const request = { method, token: ADMIN_TOKEN, ...(body && { body: JSON.stringify(body) }) }
  const response = await system.request(`/api/v1/admin/sales${path}`, request)
  return { status: response.status, body: (await response.json()) as Sale & Problem }
}

test.each([
  ["no name", { name: undefined }, "name"],
  ["a name of spaces", { name: "   " }, "name"],
  ["a name too long", { name: "x".repeat(201) }, "name"],
  ["a name with NUL", { name: "a\0b" }, "name"],
  ["half a character", { name: "a\ud800" }, "name"],
  ["half a character in the description", { description: "\udc00" }, "description"],
  ["a day that no month has", { opensAt: "2026-02-30T00:00:00Z" }, "opensAt"],
  ["a time without a zone", { opensAt: "2026-02-01T00:00:00" }, "opensAt"],
  ["a time in the year 10000", { opensAt: "9999-12-31T23:59:59-01:00" }, "opensAt"],
  ["a time before 1970", { opensAt: "1970-01-01T00:00:00+01:00" }, "opensAt"],
  ["an end before its beginning", { closesAt: "2025-01-01T00:00:00Z" }, "closesAt"],
  ["an end at its beginning", { closesAt: "2026-01-01T01:00:00+01:00" }, "closesAt"],
  ["holds without seconds", { checkout: "hold" }, "holdSeconds"],
  ["seconds without holds", { holdSeconds: 60 }, "holdSeconds"],
  ["holds too short", { checkout: "hold", holdSeconds: 4 }, "holdSeconds"],
  ["no items", { items: [] }, "items"],
  ["51 items", { items: Array.from({ length: 51 }, (_, at) => ({ ...item, sku: `s${at}` })) }, "items"],
  ["a sku twice", { items: [item, item] }, "items"],
  ["two currencies", { items: [item, { ...item, sku: "b", price: { amount: 1, currency: "USD" } }] }, "items"],
  ["half a unit", { items: [{ ...item, total: 0.5 }] }, "items.0.total"],
  ["fewer than no units", { items: [{ ...item, total: -1 }] }, "items.0.total"],
  ["a price below nothing", { items: [{ ...item, price: { amount: -1, currency: "IDR" } }] }, "items.0.price.amount"],
  [
    "a price beyond what is exact",
    { items: [{ ...item, price: { amount: 2 ** 53, currency: "IDR" } }] },
    "items.0.price.amount",
  ],
  ["no currency", { items: [{ ...item, price: { amount: 1 } }] }, "items.0.price.currency"],
  [
    "a list price below the price",
    { items: [{ ...item, listPrice: { amount: 99, currency: "IDR" } }] },
    "items.0.listPrice",
  ],
  [
    "a list price in another currency",
    { items: [{ ...item, listPrice: { amount: 200, currency: "USD" } }] },
    "items.0.listPrice.currency",
  ],
  ["derived fields", { seq: 1 }, "seq"],
  ["a limit of none", { limitPerCustomer: 0 }, "limitPerCustomer"],
])("a new sale with %s is refused", async (_, change, path) => {
  expect(await send("POST", "", { ...good, ...change })).toMatchObject({
    status: 400,
    body: { code: "invalid_request", path },
  })
  expect((await system.request("/api/v1/sales/new")).status).toBe(404)
})

test("a new sale has what the request gave and the defaults of the rest", async () => {
  const { status, body } = await send("POST", "", {
    ...good,
    id: "given",
    name: "  Spaces around  ",
    opensAt: "2026-01-01T07:00:00+07:00",
  })
  expect(status).toBe(201)
  const given = {
    name: "Spaces around",
    description: "",
    checkout: "instant",
    limitPerCustomer: 1,
    state: "open",
    seq: 2,
  }
  expect(body).toMatchObject({ ...given, opensAt: "2026-01-01T00:00:00.000Z" })
  expect(body.items).toEqual([{ ...item, free: 1, held: 0, sold: 0 }])
  expect(await send("POST", "", { ...good, id: "given" })).toMatchObject({ status: 409, body: { code: "sale_exists" } })
})

test.each([
  [{ name: "" }, "name"],
  [{ opensAt: null }, "opensAt"],
  [{ checkout: "hold" }, "checkout"],
  [{ items: [item] }, "items"],
  [{ id: "other" }, "id"],
  [{ state: "closed" }, "state"],
])("%j changes nothing", async (change, path) => {
  expect(await send("PATCH", "/steady", change)).toMatchObject({ status: 400, body: { path } })
  expect(await seqOf("steady")).toBe(2)
})

test("a change is refused if old and new terms together break a rule", async () => {
  await system.createSale("ending", { closesAt: "2099-01-01T00:00:00Z" })
  for (const change of [{ closesAt: "2000-01-01T00:00:00Z" }, { opensAt: "2100-01-01T00:00:00Z" }]) {
    expect(await send("PATCH", "/ending", change)).toMatchObject({
      status: 400,
      body: { code: "invalid_request", seq: 2 },
    })
  }
  expect((await send("PATCH", "/ending", { closesAt: null })).body.closesAt).toBeUndefined()
  expect((await send("PATCH", "/ending", { opensAt: "2100-01-01T00:00:00Z" })).body.state).toBe("scheduled")
})

test("pause, resume and close may be repeated, and a closed sale stays closed", async () => {
  await system.createSale("steered")
  const steer = async (verb: string) => {
    const { status, body } = await send("POST", `/steered/${verb}`)
    return [status, body.state ?? body.code, body.seq] as unknown[]
  }
  expect(await steer("resume")).toEqual([200, "open", 2])
  expect(await steer("pause")).toEqual([200, "paused", 3])
  expect(await steer("pause")).toEqual([200, "paused", 3])
  expect(await steer("resume")).toEqual([200, "open", 4])
  expect(await steer("close")).toEqual([200, "closed", 5])
  expect(await steer("close")).toEqual([200, "closed", 5])
  expect(await steer("resume")).toEqual([409, "sale_closed", 5])
  expect(await steer("pause")).toEqual([409, "sale_closed", 5])
})

test("a restock adds units, and a malformed one adds none", async () => {
  await system.createSale("stocked", { total: 0 })
  expect((await send("POST", "/stocked/items/stocked/restock", { units: 7 })).body.items[0]).toMatchObject({
    total: 7,
    free: 7,
  })
  for (const units of [0, -1, 0.5, "1", 1_000_000_001, null]) {
    expect((await send("POST", "/stocked/items/stocked/restock", { units })).status).toBe(400)
  }
  expect((await send("POST", "/stocked/items/other/restock", { units: 1 })).status).toBe(404)
  expect((await send("POST", "/stocked/items/bad%20sku/restock", { units: 1 })).body).toMatchObject({ path: "sku" })
  expect(await seqOf("stocked")).toBe(3)
})

test.each(["pause", "resume", "close"])("%s of an unknown sale: 404; of a malformed id: 400", async verb => {
  expect(await send("POST", `/nowhere/${verb}`)).toMatchObject({ status: 404, body: { code: "sale_unknown" } })
  expect(await send("POST", `/no%20where/${verb}`)).toMatchObject({ status: 400, body: { path: "saleId" } })
})

async function seqOf(saleId: string): Promise<number> {
  await caughtUp(system, saleId)
  return ((await (await system.request(`/api/v1/sales/${saleId}`)).json()) as Sale).seq
}

test("a sale that is created without a time, or amended to open now, is open at once by the server's clock", async () => {
  const { opensAt: _, ...timeless } = good
  expect(await send("POST", "", { ...timeless, id: "at-once" })).toMatchObject({ status: 201, body: { state: "open" } })
  const later = { ...good, id: "later", opensAt: new Date(Date.now() + 3_600_000).toISOString() }
  expect(await send("POST", "", later)).toMatchObject({ body: { state: "scheduled" } })
  const opened = await send("PATCH", "/later", { opensAt: "now" })
  expect(opened).toMatchObject({ status: 200, body: { state: "open" } })
  expect(opened.body.opensAt <= opened.body.now).toBe(true)
  const over = { ...timeless, id: "over", closesAt: "2020-01-01T00:00:00Z" }
  expect(await send("POST", "", over)).toMatchObject({
    status: 400,
    body: { detail: "closesAt must be after opensAt" },
  })
  expect(await send("PATCH", "/later", { opensAt: "soon" })).toMatchObject({ status: 400, body: { path: "opensAt" } })
})
