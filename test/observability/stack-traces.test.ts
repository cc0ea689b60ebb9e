import { expect } from "bun:test"
import { eventually } from "../support/eventually.ts"
import { needs } from "../support/needs.ts"
import { POSTGRES, REDIS } from "../support/programs.ts"
import { NativeStack } from "../support/stack.ts"
import { tokenOf } from "../support/token.ts"
import { Collector } from "./collector.ts"

const { test } = needs(REDIS, POSTGRES)

const ROUTE = "POST /api/v1/sales/{saleId}/orders"
const TRACE = "0af7651916cd43dd8448eb211c80319c"
const CALLER = "b7ad6b7169203331"

test("a purchase on the stack is traced through nginx to the store, and its fact into the ledger", async () => {
  await using collector = new Collector()
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_TRACES_SAMPLER_ARG: "1" }
  await using stack = await NativeStack.start({ replicas: 1, nginx: true, env })
  await stack.createSale("shoes")
  const headers = { traceparent: `00-${TRACE}-${CALLER}-01`, "Content-Type": "application/json" }
  const response = await fetch(`${stack.publicUrl}/api/v1/sales/shoes/orders`, {
    method: "POST",
    headers: { ...headers, Authorization: `Bearer ${tokenOf("secret-ann")}`, "Idempotency-Key": "secret-key" },
    body: JSON.stringify({ sku: "shoes" }),
  })
  expect(response.status).toBe(201)

  const spans = await eventually("the trace has arrived", () => {
    const found = [ROUTE, "batch", "store call"].map(name => collector.named(name).find(span => span.traceId === TRACE))
    return found.every(span => span !== undefined) && found
  })
  const [purchase, batch, call] = spans
  expect(purchase).toMatchObject({ parentSpanId: CALLER, service: "doorbuster-replica", node: "node-1" })
  expect(batch!.parentSpanId).toBe(purchase!.spanId)
  expect(call).toMatchObject({ parentSpanId: batch!.spanId, attributes: { "db.system.name": "redis" } })

  // The worker writes many facts at once and knows no purchases. The fact's number connects the two traces.
  const seq = Number(purchase!.attributes["flash_sale.seq"])
  const write = await eventually("the write has arrived", () =>
    collector.named("ledger write").find(({ attributes }) => {
      return Number(attributes["flash_sale.facts.after"]) < seq && seq <= Number(attributes["flash_sale.facts.up_to"])
    }),
  )
  expect(write).toMatchObject({ service: "doorbuster-worker", node: "worker", isError: false })
  expect(write.attributes).toMatchObject({ "db.system.name": "postgresql", "flash_sale.sale": "shoes" })
  expect(write.start).toBeGreaterThan(call!.start)
  expect(collector.text).not.toContain("secret-")
}, 120_000)
