import { afterAll, beforeAll, expect, test } from "bun:test"
import { eventually } from "../support/eventually.ts"
import { System } from "../support/system.ts"
import { tokenOf } from "../support/token.ts"
import { Collector, type Span } from "./collector.ts"

const ROUTE = "POST /api/v1/sales/{saleId}/orders"
const TRACE = "0af7651916cd43dd8448eb211c80319c"
const CALLER = "b7ad6b7169203331"
const BUYERS = 60

const collector = new Collector()
let system: System

beforeAll(async () => {
  const env = { DEMO: "0", OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/`, OTEL_TRACES_SAMPLER_ARG: "1" }
  system = await System.start({ env })
  await system.createSale("shoes", { total: 1000 })
  await system.createSale("few", { total: 1 })
}, 30_000)
afterAll(async () => {
  await system.stop()
  await collector[Symbol.asyncDispose]()
})

/** Buys once and waits until the whole trace has arrived. */
async function traced(trace: string, sale: string, headers: Record<string, string>, token = ""): Promise<Span[]> {
  const path = `/api/v1/sales/${sale}/orders`
  const traceparent = `00-${trace}-${CALLER}-01`
  await system.request(path, {
    method: "POST",
    token: token || tokenOf("secret-ann"),
    headers: { traceparent, ...headers },
    body: JSON.stringify({ sku: sale }),
  })
  return eventually("the trace has arrived", () => {
    const spans = collector.spans.filter(({ traceId }) => traceId === trace)
    return spans.some(({ name }) => name === ROUTE) && spans
  })
}

test("a purchase is traced from the caller's span through the batch to the call of the store", async () => {
  const spans = await traced(TRACE, "shoes", { "Idempotency-Key": "secret-key" })
  const [purchase, batch, call] = [ROUTE, "batch", "store call"].map(name => spans.find(span => span.name === name)!)
  expect(purchase).toMatchObject({ parentSpanId: CALLER, service: "doorbuster-replica", isError: false })
  expect(purchase!.node).toMatch(/^node-[123]$/)
  expect(purchase!.attributes).toEqual({
    "http.request.method": "POST",
    "http.route": "/api/v1/sales/{saleId}/orders",
    "http.response.status_code": 201,
    "flash_sale.sale": "shoes",
    "flash_sale.outcome": "confirmed",
    "flash_sale.seq": expect.any(Number),
  })
  expect(batch).toMatchObject({ parentSpanId: purchase!.spanId, attributes: { "flash_sale.batch.size": 1 } })
  expect(call).toMatchObject({ parentSpanId: batch!.spanId, attributes: { "db.system.name": "sqlite" } })
  for (const [inner, outer] of [
    [call, batch],
    [batch, purchase],
  ]) {
    expect(inner!.start).toBeGreaterThanOrEqual(outer!.start - 1)
    expect(inner!.end).toBeLessThanOrEqual(outer!.end + 1)
  }
})

test("a trace does not contain the customer", () => {
  for (const secret of ["secret-ann", "secret-key", tokenOf("secret-ann").split(".")[1]!]) {
    expect(collector.text).not.toContain(secret)
  }
  expect(collector.text).not.toMatch(/[A-Z]+[0-9]+-[0-9A-Z]{4}\b/)
})

test("refusals from memory, by the store and of invalid requests are traced, too", async () => {
  await traced("1".repeat(32), "few", {})
  const [soldOut] = await traced("2".repeat(32), "few", {}, tokenOf("late"))
  expect(soldOut!.attributes).toMatchObject({ "flash_sale.outcome": "sold_out", "http.response.status_code": 409 })
  const unauthorized = await traced("3".repeat(32), "few", {}, "no token")
  expect(unauthorized.map(({ name }) => name)).toEqual([ROUTE])
  expect(unauthorized[0]!.attributes).toMatchObject({ "flash_sale.outcome": "unauthorized" })
})

test("a batch and the purchases that share it are linked both ways", async () => {
  collector.spans.length = 0
  const buyers = Array.from({ length: BUYERS }, (_, at) => at)
  await Promise.all(buyers.map(at => system.buy("shoes", tokenOf(`buyer-${at}`), "key")))
  await eventually("every purchase has arrived", () => collector.named(ROUTE).length === BUYERS)
  await eventually("every purchase was carried", () => {
    const sizes = collector.named("batch").map(({ attributes }) => Number(attributes["flash_sale.batch.traced"]))
    return sizes.reduce((sum, size) => sum + size, 0) === BUYERS
  })
  const purchases = new Map(collector.named(ROUTE).map(span => [span.spanId, span]))
  for (const batch of collector.named("batch")) {
    expect(purchases.get(batch.parentSpanId!)!.links).toEqual([])
    for (const link of batch.links) expect(purchases.get(link)!.links).toEqual([batch.spanId])
    expect(batch.links.length + 1).toBe(Number(batch.attributes["flash_sale.batch.traced"]))
  }
  expect(collector.named("store call").length).toBe(collector.named("batch").length)
})

test("a purchase whose caller does not record the trace is not traced", async () => {
  const traceId = "4".repeat(32)
  const headers = { traceparent: `00-${traceId}-${CALLER}-00`, "Idempotency-Key": "k" }
  const body = JSON.stringify({ sku: "shoes" })
  await system.request("/api/v1/sales/shoes/orders", { method: "POST", token: tokenOf("not"), headers, body })
  await traced("5".repeat(32), "shoes", {}, tokenOf("yes"))
  expect(collector.text).not.toContain(traceId)
})

test("replicas send their last spans before an orderly stop", async () => {
  const traceId = "6".repeat(32)
  const headers = { traceparent: `00-${traceId}-${CALLER}-01` }
  const body = JSON.stringify({ sku: "shoes" })
  const request = { method: "POST", token: tokenOf("last"), headers, body }
  expect((await system.request("/api/v1/sales/shoes/orders", request)).status).toBe(201)
  expect(await system.stop()).toBe(0)
  expect(collector.spans.filter(span => span.traceId === traceId).map(({ name }) => name)).toContain(ROUTE)
})
