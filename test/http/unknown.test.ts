import { afterAll, beforeAll, expect, test } from "bun:test"
import { caughtUp } from "../support/http/caught-up.ts"
import { System } from "../support/system.ts"
import { tokenOf } from "../support/token.ts"

let system: System

beforeAll(async () => {
  system = await System.start({ env: { REPLICAS: "1" } })
  await system.createSale("silence", { total: 50 })
}, 30_000)
afterAll(() => system.stop())

const BUYERS = 12

/** A replica whose supervisor is stopped cannot know what happened to the attempts that it sent. */
test("given a store that does not answer, sent attempts are outcome_unknown, queued ones overloaded, and a retry with the same key says which took effect", async () => {
  const [, supervisor] = await system.processTree()
  process.kill(supervisor!, "SIGSTOP")
  const began = performance.now()
  const attempts: Promise<Response>[] = []
  try {
    for (let at = 0; at < BUYERS; at++) {
      // One after another, so that the first are sent to the store and the rest are queued behind them.
      attempts.push(withoutKey(`buyer-${at}`, at < BUYERS / 2 ? undefined : `key-${at}`))
      await Bun.sleep(10)
    }
    const answers = await Promise.all(attempts)
    expect(performance.now() - began).toBeLessThan(5000)
    const codes = await Promise.all(
      answers.map(async answer => ((await answer.clone().json()) as { code: string }).code),
    )
    expect(new Set(codes)).toEqual(new Set(["outcome_unknown", "overloaded"]))
    for (const [at, answer] of answers.entries()) {
      expect(answer.status).toBe(503)
      expect(answer.headers.get("retry-after")).toBe("1")
      expect(answer.headers.get("connection")).toBe("close")
      if (codes[at] === "outcome_unknown") expect(answer.headers.get("idempotency-key")).toMatch(/^"[\w-]+"$/)
    }
    expect((await system.request("/livez")).status).toBe(200)
    process.kill(supervisor!, "SIGCONT")
    const keys = answers.map(answer => answer.headers.get("idempotency-key") ?? "anew")
    const again = await Promise.all(keys.map((key, at) => system.buy("silence", tokenOf(`buyer-${at}`), key)))
    for (const { status } of again) expect([200, 201]).toContain(status)
  } finally {
    process.kill(supervisor!, "SIGCONT")
  }
  await caughtUp(system, "silence")
  const sale = (await (await system.request("/api/v1/sales/silence")).json()) as { items: { sold: number }[] }
  expect(sale.items[0]!.sold).toBe(BUYERS)
}, 30_000)

/** Buys as a browser does: over a connection that is closed afterwards. */
function withoutKey(customer: string, key?: string): Promise<Response> {
  const headers = { "Sec-Fetch-Site": "same-origin", ...(key && { "Idempotency-Key": key }) }
  const request = { method: "POST", token: tokenOf(customer), headers, body: '{"sku":"silence"}' }
  return system.request("/api/v1/sales/silence/orders", request)
}
