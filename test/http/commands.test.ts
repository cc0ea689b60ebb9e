import { afterAll, beforeAll, expect, test } from "bun:test"
import type { OrderPage } from "../../src/wire/wire.ts"
import { NAMED_COMMANDS } from "../support/http/named-commands.ts"
import { ADMIN_TOKEN, System } from "../support/system.ts"
import { tokenOf } from "../support/token.ts"

let system: System

beforeAll(async () => {
  system = await System.start({ env: { REPLICAS: "3" } })
}, 60_000)
afterAll(() => system.stop())

for (const [at, [sentence, check]] of Object.entries(NAMED_COMMANDS).entries()) {
  test(sentence, () => check(system, `named-${at}`), 60_000)
}

test("an order that an administrator cancels under a key is given back once, and the key is no other order's", async () => {
  await system.createSale("held", { checkout: "hold", holdSeconds: 600, limitPerCustomer: 2 })
  const buy = (customer: string) =>
    system.request("/api/v1/sales/held/orders", {
      method: "POST",
      token: tokenOf(customer),
      body: JSON.stringify({ sku: "held" }),
    })
  for (const customer of ["ann", "bob"]) expect((await buy(customer)).status).toBe(201)
  const { orders } = await system.admin<OrderPage>("GET", "/sales/held/orders")
  const cancel = async (orderId: string | undefined) => {
    const headers = { "Idempotency-Key": "c-1" }
    const response = await system.request(`/api/v1/admin/orders/${orderId}/cancel`, {
      method: "POST",
      token: ADMIN_TOKEN,
      headers,
    })
    return [response.status, response.headers.get("idempotency-replayed")]
  }
  expect(await cancel(orders[0]?.id)).toEqual([200, null])
  expect(await cancel(orders[0]?.id)).toEqual([200, "true"])
  expect(await cancel(orders[1]?.id)).toEqual([422, null])
})
