import { afterAll, beforeAll, expect, test } from "bun:test"
import { readFileSync } from "node:fs"
import type { Inventory } from "../../src/core/ports/inventory.ts"
import { TestReplica } from "../support/http/replica.ts"
import { MemoryInventory } from "../support/stores/memory-inventory.ts"
import { newSale, Shop } from "../support/stores/shop.ts"
import { tokenOf } from "../support/token.ts"

// Kind: work and memory that an anonymous client can cause. For every request that one can make, this counts the calls of the
// store, which one thread serves for everybody, and the facts that stay. docs/security.md has the same table.

/** How often each request is made. A call of the store that is shared by all of them counts for nothing. */
const TIMES = 10

const calls = { store: 0 }
const inventory = new MemoryInventory()
const counted = new Proxy(inventory as Inventory, {
  get(target, name: keyof Inventory) {
    const member = target[name]
    if (typeof member !== "function") return member
    return (...args: unknown[]) => {
      if (name !== "watch" && name !== "namesAllUntil") calls.store++
      return (member as (...args: unknown[]) => unknown).apply(target, args)
    }
  },
})
const shop = new Shop({ inventory, setClock() {}, close: async () => {} }, Date.now())
const opensAt = Date.now() - 60_000

let replica: TestReplica
let orderId = ""

beforeAll(async () => {
  await shop.create({ opensAt, holdSeconds: 600, total: 1000, limitPerCustomer: 1000 })
  await shop.create({ id: "later", opensAt: Date.now() + 3_600_000 })
  await shop.create({ id: "gone", opensAt, total: 0 })
  await shop.create({ id: "paused", opensAt })
  await shop.decide({ kind: "pause", saleId: "paused" })
  orderId = (await shop.bought("owner", "k")).id
  replica = await TestReplica.start(counted)
})
afterAll(() => replica[Symbol.asyncDispose]())

const CUSTOMER = { Authorization: `Bearer ${tokenOf("ann", { iss: undefined })}` }
const buy = (sale: string, sku = "shoe", headers: Record<string, string> = CUSTOMER) => ({
  path: `/api/v1/sales/${sale}/orders`,
  init: { method: "POST", headers, body: JSON.stringify({ sku }) },
})

interface Row {
  path: string | (() => string)
  init?: RequestInit
  status: number
  /** Calls of the store for one request. */
  calls: number
  /** Facts that stay. */
  facts: number
}

const ROWS: Record<string, Row> = {
  "a page, the API's document, a list of sales": { path: "/api/v1/sales", status: 200, calls: 0, facts: 0 },
  "one sale": { path: "/api/v1/sales/drop", status: 200, calls: 0, facts: 0 },
  "an unknown sale": { path: "/api/v1/sales/guess", status: 404, calls: 0, facts: 0 },
  "an unknown address": { path: "/wp-login.php", status: 404, calls: 0, facts: 0 },
  "a proof": { path: "/sales/drop/proof", status: 200, calls: 0, facts: 0 },
  "a new session": { path: "/api/v1/sessions", init: { method: "POST" }, status: 201, calls: 0, facts: 0 },
  "an attempt without a session": { ...buy("drop", "shoe", {}), status: 401, calls: 0, facts: 0 },
  "an attempt that is malformed": { ...buy("drop", "no such sku!"), status: 400, calls: 0, facts: 0 },
  "an attempt at an unknown sale": { ...buy("guess"), status: 404, calls: 0, facts: 0 },
  "an attempt at an unknown item": { ...buy("drop", "hat"), status: 404, calls: 0, facts: 0 },
  "an attempt before the opening": { ...buy("later"), status: 409, calls: 0, facts: 0 },
  "an attempt in a paused or closed sale": { ...buy("paused"), status: 409, calls: 0, facts: 0 },
  "an attempt in a sold-out sale": { ...buy("gone"), status: 409, calls: 0, facts: 0 },
  "an attempt in an open sale": { ...buy("drop"), status: 201, calls: 1, facts: 1 },
  "an order that is somebody else's": {
    path: () => `/api/v1/orders/${orderId}`,
    init: { headers: CUSTOMER },
    status: 404,
    calls: 1,
    facts: 0,
  },
  "a cancellation of somebody else's order": {
    path: () => `/api/v1/orders/${orderId}/cancel`,
    init: { method: "POST", headers: CUSTOMER },
    status: 404,
    calls: 1,
    facts: 0,
  },
}

const factsNow = async () => (await inventory.sales()).reduce((sum, { seq }) => sum + seq, 0)

for (const [name, { path, init, status, calls: bound, facts }] of Object.entries(ROWS)) {
  test(`${name}: ${bound} calls of the store, ${facts} facts that stay`, async () => {
    const [callsBefore, factsBefore] = [calls.store, await factsNow()]
    for (let at = 0; at < TIMES; at++) {
      const response = await fetch(new URL(typeof path === "string" ? path : path(), replica.url), init)
      expect(response.status).toBe(status)
      await response.text()
    }
    expect(calls.store - callsBefore).toBe(bound * TIMES)
    expect((await factsNow()) - factsBefore).toBe(facts * TIMES)
  })

  test(`docs/security.md says of ${name} what was counted`, () => {
    const text = readFileSync(new URL("../../docs/security.md", import.meta.url), "utf8")
    const row = text.split("\n").find(line => line.startsWith(`| ${name} |`))
    expect(
      row
        ?.split("|")
        .slice(2, 4)
        .map(cell => cell.trim()),
    ).toEqual([String(bound), String(facts)])
  })
}

test("a sale whose creation the cache has heard of is sold at once", async () => {
  await inventory.decide([{ kind: "create", sale: newSale({ id: "fresh", opensAt }) }])
  const { path, init } = buy("fresh")
  expect((await fetch(new URL(path, replica.url), init)).status).toBe(201)
})
