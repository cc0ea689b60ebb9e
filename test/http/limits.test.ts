import { afterAll, beforeAll, expect, test } from "bun:test"
import { readFileSync } from "node:fs"
import type { Sale } from "../../src/wire/wire.ts"
import { eventually } from "../support/eventually.ts"
import { RawConnection, type RawRequest } from "../support/http/raw-connection.ts"
import { ADMIN_TOKEN, DEMO_SALE, System } from "../support/system.ts"
import { tokenOf } from "../support/token.ts"

const KIB = 1024

let system: System

beforeAll(async () => {
  system = await System.start({ env: { REPLICAS: "1" } })
}, 30_000)
afterAll(() => system.stop())

/** A purchase whose body is valid JSON, padded with spaces to this many bytes. */
function purchaseOf(bytes: number, chunked: boolean, key = `k${bytes}`): RawRequest {
  const body = JSON.stringify({ sku: DEMO_SALE }).padEnd(bytes)
  const headers = [
    ["Authorization", `Bearer ${tokenOf("ann")}`],
    ["Idempotency-Key", key],
  ] as const
  return { method: "POST", path: `/api/v1/sales/${DEMO_SALE}/orders`, headers, body, chunked }
}

test.each([
  [16 * KIB, 201],
  [16 * KIB + 1, 413],
  [64 * KIB + 1, 413],
  [4 * KIB * KIB, 413],
])("a body of %d bytes: %d, whether its length is stated or not", async (bytes, status) => {
  const connection = new RawConnection(system.port)
  for (const chunked of [false, true]) {
    const answer = await connection.exchange(purchaseOf(bytes, chunked))
    expect(answer.status).toBe(status === 201 && chunked ? 200 : status)
    expect(answer.headers.get("x-served-by")).toBe("node-1")
    if (status === 413) expect(JSON.parse(answer.body)).toMatchObject({ code: "too_large", status: 413 })
  }
  connection.close()
})

test("the limit of a body counts bytes, not characters", async () => {
  const connection = new RawConnection(system.port)
  const body = JSON.stringify({ sku: "é".repeat(9 * KIB) })
  for (const chunked of [false, true]) {
    expect((await connection.exchange({ ...purchaseOf(1, chunked), body })).status).toBe(413)
  }
  connection.close()
})

/** The memory of the only replica, the last process of the tree. */
async function residentBytes(): Promise<number> {
  const pid = (await system.processTree()).at(-1)
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * KIB
}

test("after a hundred bodies that are too large, the replica uses about as much memory as before", async () => {
  const connection = new RawConnection(system.port)
  const send = async (times: number) => {
    for (let at = 0; at < times; at++) await connection.exchange(purchaseOf(2 * KIB * KIB, at % 2 === 0))
  }
  await send(20)
  const before = await residentBytes()
  await send(100)
  const isSmall = async () => (await residentBytes()) - before < 60 * KIB * KIB
  await eventually("the replica uses at most 60 MiB more than before", isSmall)
  connection.close()
}, 30_000)

const NOWHERE = [
  ["GET", "/nowhere"],
  ["GET", "/api"],
  ["GET", "/api/v1/"],
  ["GET", "/api/v2/sales"],
  ["GET", "/api/v1/sales/"],
  ["GET", "/assets/nothing.js"],
  ["GET", "/src/main.ts"],
  ["GET", "/data/admin-token"],
  ["GET", "/LIVEZ"],
]

test.each<[number, string, string, string]>([
  ...NOWHERE.map(([method = "", path = ""]): [number, string, string, string] => [404, "not_found", method, path]),
  [405, "method_not_allowed", "POST", "/api/v1/sales"],
  [405, "method_not_allowed", "DELETE", "/api/v1/orders/A3-0000"],
  [405, "method_not_allowed", "PUT", `/api/v1/sales/${DEMO_SALE}`],
  [400, "invalid_request", "GET", "/assets/..%2f..%2fpackage.json"],
  [400, "invalid_request", "GET", "/assets/%2e%2e/package.json"],
])("%d %s: there is nothing at %s %s", async (status, code, method, path) => {
  const connection = new RawConnection(system.port)
  const answer = await connection.exchange({ method, path, headers: [["Authorization", `Bearer ${ADMIN_TOKEN}`]] })
  connection.close()
  expect(answer.status).toBe(status)
  expect(JSON.parse(answer.body)).toMatchObject({ code })
  expect(answer.headers.get("content-type")).toBe("application/problem+json")
  expect(answer.headers.get("x-served-by")).toBe("node-1")
})

test("sales and pages may be cached for a second, everything else not at all", async () => {
  const cacheOf = async (path: string) => (await system.request(path)).headers.get("cache-control")
  expect(await cacheOf("/api/v1/sales")).toBe("public, max-age=1, stale-while-revalidate=1")
  expect(await cacheOf(`/api/v1/sales/${DEMO_SALE}`)).toBe("public, max-age=1, stale-while-revalidate=1")
  expect(await cacheOf("/")).toBe("public, max-age=1, stale-while-revalidate=10")
  expect(await cacheOf("/api/v1/sales/nowhere")).toBe("no-store")
  expect(await cacheOf("/api/v1/orders/A3-0000")).toBe("no-store")
  expect(await cacheOf("/metrics")).toBe("no-store")
})

test("a sale has exactly the documented JSON", async () => {
  const sale = (await (await system.request(`/api/v1/sales/${DEMO_SALE}`)).json()) as Sale
  expect(sale).toMatchObject({
    id: DEMO_SALE,
    state: "open",
    checkout: "instant",
    limitPerCustomer: 1,
    items: [
      {
        sku: DEMO_SALE,
        price: { amount: 2_574_900_000, currency: "IDR" },
        listPrice: { amount: 3_299_900_000, currency: "IDR" },
        total: 100,
      },
    ],
  })
  expect(sale.now).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
})
