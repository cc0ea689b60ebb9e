import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Order, Sale } from "../../src/wire/wire.ts"
import { caughtUp, fromEveryNode } from "../support/http/caught-up.ts"
import { System } from "../support/system.ts"
import { tokenOf } from "../support/token.ts"

let system: System

beforeAll(async () => {
  system = await System.start()
  await system.createSale("shoes", { limitPerCustomer: 5 })
}, 30_000)
afterAll(() => system.stop())

async function soldOf(saleId: string): Promise<number> {
  await caughtUp(system, saleId)
  return ((await (await system.request(`/api/v1/sales/${saleId}`)).json()) as Sale).items[0]!.sold
}

async function orderOf(response: Response): Promise<Order> {
  return (await response.json()) as Order
}

/** Sends each request over its own connection, as separate clicks and tabs do. */
function buyAnew(saleId: string, token: string, key: string, body: object = { sku: saleId }): Promise<Response> {
  const headers = { "Idempotency-Key": key, Connection: "close" }
  return system.request(`/api/v1/sales/${saleId}/orders`, {
    method: "POST",
    token,
    headers,
    body: JSON.stringify(body),
  })
}

test("the same key gives the same order on every replica, quoted or not", async () => {
  const first = await orderOf(await system.buy("shoes", tokenOf("ann"), "k1"))
  for (const key of ["k1", '"k1"']) {
    const answers = await fromEveryNode(system, () => buyAnew("shoes", tokenOf("ann"), key))
    expect(answers.size).toBe(3)
    for (const response of answers.values()) {
      expect(response.status).toBe(200)
      expect(response.headers.get("idempotency-replayed")).toBe("true")
      expect(await orderOf(response)).toEqual(first)
    }
  }
})

test("the same key with another payload is refused and changes nothing", async () => {
  const first = await orderOf(await system.buy("shoes", tokenOf("bob"), "k1"))
  const response = await system.buy("shoes", tokenOf("bob"), "k1", { sku: "shoes", quantity: 2 })
  expect(response.status).toBe(422)
  expect(await orderOf(await system.buy("shoes", tokenOf("bob"), "k1"))).toEqual(first)
})

test("the same key of another customer, or in another sale, is another key", async () => {
  await system.createSale("hats")
  const orders = await Promise.all([
    system.buy("shoes", tokenOf("carl"), "shared").then(orderOf),
    system.buy("shoes", tokenOf("dora"), "shared").then(orderOf),
    system.buy("hats", tokenOf("carl"), "shared").then(orderOf),
  ])
  expect(new Set(orders.map(({ id }) => id)).size).toBe(3)
})

test("the response to a request without a key names one, and the request can be repeated with it", async () => {
  const buy = (headers: Record<string, string>) =>
    system.request("/api/v1/sales/shoes/orders", {
      method: "POST",
      token: tokenOf("eve"),
      headers,
      body: '{"sku":"shoes"}',
    })
  const first = await buy({})
  expect(first.status).toBe(201)
  const key = first.headers.get("idempotency-key")!
  expect(key).toMatch(/^"[A-Za-z0-9_-]{1,64}"$/)
  const again = await buy({ "Idempotency-Key": key })
  expect(again.status).toBe(200)
  expect(await orderOf(again)).toEqual(await orderOf(first))
  expect((await buy({})).status).toBe(201)
})

test("a malformed key is refused, not replaced", async () => {
  const wrong = ["", " ", '"', '""', "a b", "ä", '"a', "a,b", "x".repeat(65), `"${"x".repeat(65)}"`]
  for (const key of wrong) expect((await system.buy("shoes", tokenOf("frank"), key)).status).toBe(400)
})

test("50 requests at once with one key make one order, and each is answered with it", async () => {
  await system.createSale("clicks")
  const clicks = Array.from({ length: 50 }, () => buyAnew("clicks", tokenOf("gina"), "k"))
  const responses = await Promise.all(clicks)
  expect(responses.map(({ status }) => status).sort()).toEqual([...Array(49).fill(200), 201])
  const ids = await Promise.all(responses.map(async response => (await orderOf(response)).id))
  expect(new Set(ids).size).toBe(1)
  expect(await soldOf("clicks")).toBe(1)
})

test("50 requests at once with 50 keys make one order if the limit is one", async () => {
  await system.createSale("tabs")
  const clicks = Array.from({ length: 50 }, (_, at) => buyAnew("tabs", tokenOf("hank"), `k${at}`))
  const statuses = (await Promise.all(clicks)).map(({ status }) => status)
  expect(statuses.sort()).toEqual([201, ...Array(49).fill(409)])
  expect(await soldOf("tabs")).toBe(1)
})

test("when all units are sold, every replica answers a buyer with the order and refuses the others", async () => {
  await system.createSale("last", { total: 1 })
  const first = await orderOf(await system.buy("last", tokenOf("ida"), "k"))
  await caughtUp(system, "last")
  const mine = await fromEveryNode(system, () => buyAnew("last", tokenOf("ida"), "k"))
  for (const response of mine.values()) expect(await orderOf(response)).toEqual(first)
  const theirs = await fromEveryNode(system, () => buyAnew("last", tokenOf("jane"), "k"))
  for (const response of theirs.values()) expect(await response.json()).toMatchObject({ code: "sold_out" })
  expect([mine.size, theirs.size]).toEqual([3, 3])
})

test("a key that was refused can be used again", async () => {
  await system.createSale("restocked", { total: 1 })
  await system.buy("restocked", tokenOf("kim"), "k")
  expect((await system.buy("restocked", tokenOf("lee"), "k")).status).toBe(409)
  await system.admin("POST", "/sales/restocked/items/restocked/restock", { units: 1 })
  expect((await system.buy("restocked", tokenOf("lee"), "k")).status).toBe(201)
})

test("requests before the opening are refused and change nothing", async () => {
  const opensAt = Date.now() + 800
  await system.createSale("midnight", { opensAt: new Date(opensAt).toISOString() })
  const answers: Response[] = []
  for (let at = 0; Date.now() < opensAt + 150; at++) {
    answers.push(await system.buy("midnight", tokenOf(`early-${at}`), "k"))
  }
  const orders = await Promise.all(answers.filter(({ status }) => status === 201).map(orderOf))
  for (const { createdAt } of orders) expect(Date.parse(createdAt)).toBeGreaterThanOrEqual(opensAt)
  expect(orders.length).toBeGreaterThan(0)
  const early = answers.filter(({ status }) => status === 409)
  expect(early.length).toBeGreaterThan(3)
  // The first two facts create the sale; each other one is an order.
  expect(orders.map(({ seq }) => seq)).toEqual(orders.map((_, at) => at + 3))
})
