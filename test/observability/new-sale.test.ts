import { expect, test } from "bun:test"
import type { Answer } from "../../src/core/command.ts"
import type { RequestContext } from "../../src/http/context.ts"
import { purchase } from "../../src/http/purchase/purchase.ts"
import { Responses } from "../../src/http/responses.ts"
import { ReplicaMetrics } from "../../src/observability/replica-metrics.ts"
import { NO_TRACER } from "../../src/observability/tracer.ts"
import { systemRandom } from "../../src/runtime/random.ts"
import { systemTime } from "../../src/runtime/time.ts"

/** The label `sale` of an attempt at a replica that knows no sale yet. */
async function labelOf(answer: Answer): Promise<string | undefined> {
  const metrics = new ReplicaMetrics("node-1")
  const context = {
    responses: new Responses("node-1"),
    authenticator: { authenticate: () => ({ kind: "customer", customerId: "ann" }) },
    saleCache: { sale: () => undefined, refuse: () => undefined },
    arrivals: { of: () => systemTime.monotonic() },
    batcher: { submit: async () => answer },
    logsPurchases: false,
    tracer: NO_TRACER,
    time: systemTime,
    random: systemRandom,
    metrics,
  } as unknown as RequestContext
  const init = { method: "POST", body: JSON.stringify({ sku: "shoes" }) }
  await purchase(context, new Request("http://a/api/v1/sales/new/orders", init), "new")
  const requests = metrics.collect().find(({ name }) => name === "flash_sale_requests_total")!
  return requests.values.find(({ value }) => value === 1)?.labels.sale
}

test("an attempt at a sale that only the store knows is counted for that sale", async () => {
  expect(await labelOf({ outcome: "sold_out", seq: 7 })).toBe("new")
})

test("an attempt at a sale that does not exist adds no series with its name", async () => {
  expect(await labelOf({ outcome: "sale_unknown" })).toBe("")
})

test("the counters of a new sale start at zero, so that a rate includes its first second", () => {
  const metrics = new ReplicaMetrics("node-1")
  metrics.addSale("new")
  metrics.countPurchase("confirmed", false, "new", 0.001)
  metrics.addSale("new")
  const [requests] = metrics.collect()
  const values = Object.fromEntries(requests!.values.map(({ labels, value }) => [labels.outcome!, value]))
  expect(values).toMatchObject({ confirmed: 1, replayed: 0, sold_out: 0, overloaded: 0, outcome_unknown: 0 })
  expect(requests!.values.every(({ labels }) => labels.sale === "new" && labels.node === "node-1")).toBe(true)
})
