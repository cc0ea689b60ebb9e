import { expect } from "bun:test"
import { GAP_MS } from "../../../src/http/purchase/arrivals.ts"
import type { OrderPage } from "../../../src/wire/wire.ts"
import { eventually } from "../../support/eventually.ts"
import { needs } from "../../support/needs.ts"
import { NGINX, POSTGRES, REDIS } from "../../support/programs.ts"
import type { Server } from "../../support/server.ts"
import { NativeStack } from "../../support/stack.ts"
import { tokenOf } from "../../support/token.ts"

// The kind: a request that waits unread, in a socket or in a queue, for longer than whoever sent it waits. When it is read at last
// it must have no effect, because its sender has another answer by then.
const { test } = needs(REDIS, POSTGRES, NGINX)

const BUYERS = 30

const purchaseAt = (url: string, customer: string, signal?: AbortSignal) =>
  fetch(`${url}/api/v1/sales/late/orders`, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${tokenOf(customer)}`,
      "Content-Type": "application/json",
      "Idempotency-Key": "k",
      Connection: "close",
    },
    body: JSON.stringify({ sku: "late" }),
    ...(signal && { signal }),
  })

const codeOf = async (response: Response) => ((await response.json()) as { code?: string }).code

const suspend = ({ pid }: Server) => process.kill(pid, "SIGSTOP")

/** Lets a suspended replica run on. What it can read by then is decided when this resolves. */
async function resume(stack: NativeStack, replica: number): Promise<void> {
  process.kill(stack.replicas[replica]!.pid, "SIGCONT")
  for (let at = 0; at < 3; at++) {
    await eventually(
      "the replica sells again",
      async () => (await purchaseAt(stack.publicUrls[replica]!, `after-${at}`)).ok,
    )
  }
}

/** Those of the customers who own an order. */
async function owners(stack: NativeStack, customers: string[]): Promise<string[]> {
  const { orders } = await stack.admin<OrderPage>("GET", "/sales/late/orders?limit=1000")
  return orders.map(({ customerId }) => customerId).filter(customer => customers.includes(customer))
}

const customers = Array.from({ length: BUYERS }, (_, at) => `late-${at}`)

test("given a replica that is suspended, nobody whom nginx told that none is left owns an order when it runs on", async () => {
  await using stack = await NativeStack.start({ replicas: 2, nginx: true })
  await stack.createSale("late", { total: 1 })
  // Each replica learns nginx' clock from requests that it reads at once.
  for (let at = 0; at < 20; at++) await purchaseAt(stack.publicUrl, `early-${at}`)
  suspend(stack.replicas[0]!)
  const told = await Promise.all(customers.map(async customer => codeOf(await purchaseAt(stack.publicUrl, customer))))
  await stack.admin("POST", "/sales/late/items/late/restock", { units: 2 * BUYERS })
  await resume(stack, 0)
  expect(told.every(code => code === "sold_out" || code === "overloaded")).toBe(true)
  expect(await owners(stack, customers)).toEqual([])
}, 60_000)

test("given no proxy, nobody who gave up on a suspended replica and was told elsewhere that none is left owns an order when it runs on", async () => {
  await using stack = await NativeStack.start({ replicas: 2 })
  await stack.createSale("late", { total: 1 })
  expect((await purchaseAt(stack.publicUrls[0]!, "early")).ok).toBe(true)
  suspend(stack.replicas[1]!)
  await Promise.all(
    customers.map(customer =>
      purchaseAt(stack.publicUrls[1]!, customer, AbortSignal.timeout(2 * GAP_MS)).catch(() => {}),
    ),
  )
  for (const customer of customers)
    expect(await codeOf(await purchaseAt(stack.publicUrls[0]!, customer))).toBe("sold_out")
  await stack.admin("POST", "/sales/late/items/late/restock", { units: 2 * BUYERS })
  await resume(stack, 1)
  expect(await owners(stack, customers)).toEqual([])
}, 60_000)
