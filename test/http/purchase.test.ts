import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import type { Order, Problem, Sale } from "../../src/wire/wire.ts"
import { caughtUp } from "../support/http/caught-up.ts"
import { ADMIN_TOKEN, System } from "../support/system.ts"
import { tokenOf } from "../support/token.ts"

const HOUR_MS = 3_600_000

let system: System

beforeAll(async () => {
  system = await System.start()
  const at = (hours: number) => new Date(Date.now() + hours * HOUR_MS).toISOString()
  await system.createSale("open")
  await system.createSale("generous", { limitPerCustomer: 3 })
  await system.createSale("later", { opensAt: at(1) })
  await system.createSale("past", { opensAt: at(-2), closesAt: at(-1) })
  await system.createSale("paused")
  await system.admin("POST", "/sales/paused/pause")
  await system.createSale("closed")
  await system.admin("POST", "/sales/closed/close")
  await system.createSale("gone", { total: 1 })
  await system.createSale("holding", { total: 1, checkout: "hold", holdSeconds: 5 })
  for (const sale of ["gone", "holding"]) await system.buy(sale, tokenOf("first"), "k")
  await caughtUp(system, "generous", "later", "past", "paused", "closed", "gone", "holding")
}, 30_000)
afterAll(() => system.stop())

/** Every refusal of the embedded system except `all_held`, which is temporary and has its own test. */
test.each([
  ["a sku with a space", "open", "ann", { sku: "no such" }, 400, "invalid_request"],
  ["no sku", "open", "ann", {}, 400, "invalid_request"],
  ["an unknown field", "open", "ann", { sku: "open", price: 1 }, 400, "invalid_request"],
  ["a quantity of 0", "open", "ann", { sku: "open", quantity: 0 }, 400, "invalid_request"],
  ["half a unit", "open", "ann", { sku: "open", quantity: 0.5 }, 400, "invalid_request"],
  ["a quantity in words", "open", "ann", { sku: "open", quantity: "1" }, 400, "invalid_request"],
  ["a bad sale id", "o%20pen", "ann", { sku: "open" }, 400, "invalid_request"],
  ["no token", "open", undefined, { sku: "open" }, 401, "unauthorized"],
  ["an unknown sale", "nowhere", "ann", { sku: "open" }, 404, "sale_unknown"],
  ["an unknown sku", "open", "ann", { sku: "nothing" }, 404, "sale_unknown"],
  ["before opening", "later", "ann", { sku: "later" }, 409, "sale_not_open"],
  ["while paused", "paused", "ann", { sku: "paused" }, 409, "sale_paused"],
  ["after closing", "closed", "ann", { sku: "closed" }, 409, "sale_closed"],
  ["after its end", "past", "ann", { sku: "past" }, 409, "sale_closed"],
  ["more than the limit", "generous", "ann", { sku: "generous", quantity: 4 }, 409, "limit_reached"],
  ["sold out", "gone", "ann", { sku: "gone" }, 409, "sold_out"],
] as const)("%s is refused", async (_, sale, customer, body, status, code) => {
  const response = await system.buy(sale, customer ? tokenOf(customer) : "", "some-key", body)
  const problem = (await response.json()) as Problem
  expect(problem).toMatchObject({ status, code, type: `/docs#${code}` })
  expect(response.status).toBe(status)
  expect(response.headers.get("content-type")).toBe("application/problem+json")
  expect(response.headers.get("cache-control")).toBe("no-store")
  expect(response.headers.get("x-served-by")).toMatch(/^node-[1-3]$/)
  expect(response.headers.get("retry-after")).toBeNull()
})

describe("a refusal says", () => {
  test("which field is wrong", async () => {
    const paths = [
      [{ sku: "open", quantity: 0 }, "quantity"],
      [{ sku: "open", colour: "red" }, "colour"],
      [{}, "sku"],
    ] as const
    for (const [body, path] of paths) {
      expect(await (await system.buy("open", tokenOf("ann"), "k", body)).json()).toMatchObject({ path })
    }
    expect(await (await system.buy("open", tokenOf("ann"), "bad key")).json()).toMatchObject({
      path: "Idempotency-Key",
    })
    expect(await (await system.buy("open!", tokenOf("ann"), "k", { sku: "open" })).json()).toMatchObject({
      path: "saleId",
    })
  })

  test("when the sale opens", async () => {
    const { opensAt } = (await (await system.request("/api/v1/sales/later")).json()) as Sale
    expect(await (await system.buy("later", tokenOf("ann"), "k")).json()).toMatchObject({ opensAt })
  })

  test("how many units are free, and after which fact", async () => {
    const { seq } = (await (await system.request("/api/v1/sales/gone")).json()) as Sale
    expect(await (await system.buy("gone", tokenOf("ann"), "k")).json()).toMatchObject({ free: 0, seq })
  })

  test("all_held, with the seconds until a unit may come back; then that unit is free again", async () => {
    const id = "holding-2"
    await system.createSale(id, { total: 1, checkout: "hold", holdSeconds: 5 })
    const held = await system.buy(id, tokenOf("ann"), "k")
    expect(held.status).toBe(201)
    const order = (await held.json()) as Order
    expect(order).toMatchObject({ state: "held", seq: 3 })
    expect(Date.parse(order.payBefore!) - Date.parse(order.createdAt)).toBe(5000)
    const refused = await system.buy(id, tokenOf("bob"), "k")
    expect(await refused.json()).toMatchObject({ code: "all_held", free: 0 })
    expect(Number(refused.headers.get("retry-after"))).toBeWithin(1, 6)
    await system.request(`/api/v1/orders/${order.id}/cancel`, { method: "POST", token: tokenOf("ann") })
    expect((await system.buy(id, tokenOf("bob"), "k")).status).toBe(201)
  })
})

/** Two refusals apply to each request. The one with precedence is given. */
test.each([
  ["malformed, before the missing token", "open", undefined, "k", { sku: "" }, "invalid_request"],
  ["a bad key, before the missing token", "open", undefined, "!", { sku: "open" }, "invalid_request"],
  ["no token, before the unknown sale", "nowhere", undefined, "k", { sku: "open" }, "unauthorized"],
  ["unknown sku, before the closed window", "closed", "ann", "k", { sku: "nothing" }, "sale_unknown"],
  ["key reused, before sold out", "gone", "first", "k", { sku: "gone", quantity: 2 }, "key_reused"],
  ["not open, before the limit", "later", "ann", "k", { sku: "later", quantity: 2 }, "sale_not_open"],
  ["paused, before the limit", "paused", "ann", "k", { sku: "paused", quantity: 2 }, "sale_paused"],
  ["closed, before the limit", "closed", "ann", "k", { sku: "closed", quantity: 2 }, "sale_closed"],
  ["the limit, before sold out", "gone", "ann", "k", { sku: "gone", quantity: 2 }, "limit_reached"],
  ["the limit, for a customer who has one", "gone", "first", "another", { sku: "gone" }, "limit_reached"],
] as const)("precedence: %s", async (_, sale, customer, key, body, code) => {
  const response = await system.buy(sale, customer ? tokenOf(customer) : "", key, body)
  expect(await response.json()).toMatchObject({ code })
})

test("a purchase is answered with the order, which only its owner and an administrator can read", async () => {
  const response = await system.buy("generous", tokenOf("carl"), "k", { sku: "generous", quantity: 2 })
  expect(response.status).toBe(201)
  expect(response.headers.get("idempotency-replayed")).toBeNull()
  expect(response.headers.get("cache-control")).toBe("no-store")
  const order = (await response.json()) as Order
  expect(order).toMatchObject({
    saleId: "generous",
    sku: "generous",
    quantity: 2,
    state: "confirmed",
    customerId: "carl",
  })
  expect(order.unitPrice).toEqual({ amount: 100_000, currency: "IDR" })
  expect(Math.abs(Date.parse(order.createdAt) - Date.now())).toBeLessThan(5000)
  const read = (token: string) => system.request(`/api/v1/orders/${order.id}`, { token })
  expect(await (await read(tokenOf("carl"))).json()).toEqual(order)
  expect(await (await read(ADMIN_TOKEN)).json()).toEqual(order)
  expect((await read(tokenOf("dora"))).status).toBe(404)
  expect((await read("")).status).toBe(401)
})

test("a browser's purchase closes its connection whatever the outcome; another program's does not", async () => {
  const attempts = [
    ["open", tokenOf("eve"), { sku: "open" }, 201],
    ["open", tokenOf("eve"), { sku: "open" }, 200],
    ["gone", tokenOf("eve"), { sku: "gone" }, 409],
    ["open", tokenOf("eve"), {}, 400],
    ["open", "", { sku: "open" }, 401],
  ] as const
  for (const [sale, token, body, status] of attempts) {
    const request = { method: "POST", token, body: JSON.stringify(body) }
    const path = `/api/v1/sales/${sale}/orders`
    const headers = { "Idempotency-Key": "k", "Sec-Fetch-Site": "same-origin" }
    const browser = await system.request(path, { ...request, headers })
    expect(browser.status).toBe(status)
    expect(browser.headers.get("connection")).toBe("close")
    const program = await system.request(path, { ...request, headers: { "Idempotency-Key": "k" } })
    expect(program.headers.get("connection")).not.toBe("close")
  }
})

test("after a release a cool-down answers rate_limited with Retry-After, and after too many the detail of limit_reached says so", async () => {
  const hold = { total: 9, checkout: "hold", holdSeconds: 60 } as const
  await system.createSale("cooling", { ...hold, cooldownSeconds: 30 })
  await system.createSale("churned", { ...hold, maxReleases: 1 })
  const headers = { Authorization: `Bearer ${tokenOf("churner")}` }
  for (const sale of ["cooling", "churned"]) {
    const order = (await (await system.buy(sale, tokenOf("churner"), "k1")).json()) as Order
    const cancelled = await system.request(`/api/v1/orders/${order.id}/cancel`, { method: "POST", headers })
    expect(cancelled.status).toBe(200)
    const again = await system.buy(sale, tokenOf("churner"), "k1")
    expect([again.status, again.headers.get("idempotency-replayed")]).toEqual([200, "true"])
  }
  const cooling = await system.buy("cooling", tokenOf("churner"), "k2")
  expect(cooling.status).toBe(429)
  expect(Number(cooling.headers.get("retry-after"))).toBeWithin(1, 31)
  expect(await cooling.json()).toMatchObject({
    code: "rate_limited",
    detail: "An order of this customer was released a moment ago.",
  })
  const churned = await system.buy("churned", tokenOf("churner"), "k2")
  expect(churned.status).toBe(409)
  expect(await churned.json()).toMatchObject({
    code: "limit_reached",
    detail: "Too many orders of this customer were released in this sale.",
  })
})
