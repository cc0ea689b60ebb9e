import { describe, expect, test } from "bun:test"
import { attack } from "../../../src/cli/attack/attack.ts"
import type { AttackOptions } from "../../../src/cli/attack/options.ts"
import { type Asked, type Behaviour, type FakeServer, http, openFakeServer } from "./fake-server.ts"

const problem = (code: string, status = 503, headers = ""): string => http(status, JSON.stringify({ code }), headers)

async function run(
  total: number,
  options: Partial<AttackOptions>,
  behave?: (asked: Asked, server: FakeServer) => Behaviour,
) {
  using server = openFakeServer(total, behave)
  const faults: string[] = []
  const settings = { url: server.url, buyers: 8, concurrency: 4, patienceMs: 3000, ...options }
  const report = await attack(settings, { fault: sentence => faults.push(sentence) })
  return { report, faults, asked: server.asked, keys: keysOf(server.asked) }
}

/** Which connections each key came over. */
function keysOf(asked: readonly Asked[]): Map<string, number[]> {
  const keys = new Map<string, number[]>()
  for (const { headers, connection } of asked) {
    const key = headers["idempotency-key"]!
    keys.set(key, [...(keys.get(key) ?? []), connection])
  }
  return keys
}

test("8 buyers of 3 units send 8 requests: 3 win, 5 are refused", async () => {
  const { report, asked } = await run(3, {})
  expect(report).toMatchObject({
    buyers: 8,
    requests: 8,
    confirmed: 3,
    held: 0,
    refused: { sold_out: 5 },
    unknown: 0,
    errors: 0,
    nodes: { "node-1": 8 },
    stock: { total: 3, free: 0, held: 0, sold: 3 },
    ok: true,
  })
  expect(asked[0]).toMatchObject({ method: "POST", body: '{"sku":"shoe","quantity":1}' })
  expect(asked[0]?.headers).toMatchObject({ authorization: "Bearer a.b.c", "content-type": "application/json" })
})

test("connections are kept open: four bots use four for 40 purchases", async () => {
  const { asked } = await run(3, { buyers: 40 })
  expect(new Set(asked.map(({ connection }) => connection)).size).toBe(4)
})

test("each purchase has its own key, also when a buyer makes several", async () => {
  const { keys } = await run(3, { buyers: 2, requestsPerBuyer: 3 })
  expect(keys.size).toBe(6)
})

describe("given an unknown outcome, a bot repeats the request under the same key over a new connection", () => {
  const oddly: [string, (order: string) => Behaviour][] = [
    ["cut in the middle of the answer", order => ({ cut: order.slice(0, 40) })],
    ["closed without an answer", () => ({ cut: "" })],
    ["no answer within the timeout", () => "hang"],
    ["not HTTP", () => "WHAT?\r\n\r\n"],
    ["an answer that is not JSON", () => http(201, "<html>")],
    ["outcome_unknown", () => problem("outcome_unknown")],
    ["a proxy's 502", () => http(502, "<html>Bad Gateway</html>")],
    ["a 503 without an outcome word", () => http(503, "")],
  ]
  test.each(oddly)("%s", async (_, odd) => {
    const { report, keys } = await run(5, { timeoutMs: 150 }, (asked, server) => {
      const order = server.sell(asked)
      return asked.earlier === 0 ? odd(order) : order
    })
    expect(report).toMatchObject({ confirmed: 5, refused: { sold_out: 3 }, unknown: 0, requests: 16, ok: true })
    expect(keys.size).toBe(8)
    for (const [first, second, ...more] of keys.values()) {
      expect(more).toEqual([])
      expect(second).not.toBe(first!)
    }
  })
})

describe("given a temporary refusal, a bot repeats the request", () => {
  test.each(["overloaded", "reconciling"])("%s", async code => {
    const { report, keys } = await run(5, {}, (asked, server) =>
      asked.earlier < 2 ? problem(code) : server.sell(asked),
    )
    expect(report).toMatchObject({ confirmed: 5, refused: { sold_out: 3 }, requests: 24, errors: 0, ok: true })
    expect([...keys.values()].every(connections => connections.length === 3)).toBe(true)
  })

  test("after Retry-After at the earliest", async () => {
    const { report } = await run(5, { buyers: 1 }, (asked, server) =>
      asked.earlier === 0 ? problem("overloaded", 503, "Retry-After: 1\r\n") : server.sell(asked),
    )
    expect(report.confirmed).toBe(1)
    expect(report.latencyMs.max).toBeGreaterThanOrEqual(1000)
  })

  test("until its time is up, and then counts the refusal", async () => {
    const { report } = await run(5, { patienceMs: 100 }, () => problem("overloaded"))
    expect(report).toMatchObject({ refused: { overloaded: 8 }, unknown: 0, confirmed: 0, ok: true })
  })
})

test("given an unknown outcome and then only refusals, the purchase stays unknown", async () => {
  const { report } = await run(5, { patienceMs: 100 }, asked =>
    problem(asked.earlier === 0 ? "outcome_unknown" : "overloaded"),
  )
  expect(report).toMatchObject({ unknown: 8, refused: {}, ok: true })
})

test("a definite no is not repeated", async () => {
  const { report } = await run(5, {}, () => problem("rate_limited", 429, "Retry-After: 60\r\n"))
  expect(report).toMatchObject({ requests: 8, refused: { rate_limited: 8 } })
})

test("rate_limited after an unknown outcome is repeated, because it does not say what became of the first request", async () => {
  const { report } = await run(8, {}, (asked, server) => {
    if (asked.earlier === 0) return { cut: "" }
    return asked.earlier === 1 ? problem("rate_limited", 429) : server.sell(asked)
  })
  expect(report).toMatchObject({ requests: 24, confirmed: 8, unknown: 0, refused: {} })
})

test("no purchase is lost when the server closes the connection after each answer", async () => {
  const { report, keys } = await run(5, {}, (asked, server) => ({
    cut: server.sell(asked).replace("\r\n", "\r\nConnection: close\r\n"),
  }))
  expect(report).toMatchObject({ confirmed: 5, requests: 8, errors: 0 })
  expect(new Set([...keys.values()].flat()).size).toBe(8)
})

test("an order whose hold expired before the retry counts as refused", async () => {
  const released = http(200, JSON.stringify({ id: "A9-TEST", state: "released" }), "Idempotency-Replayed: true\r\n")
  const { report } = await run(5, { buyers: 1 }, () => released)
  expect(report).toMatchObject({ confirmed: 0, held: 0, refused: { released: 1 } })
})

describe("a fault is reported when the server", () => {
  test("gives one order to two buyers", async () => {
    const order = http(201, JSON.stringify({ id: "A1-SAME", state: "confirmed" }))
    const { report, faults } = await run(5, { buyers: 2 }, (asked, server) => server.sell(asked) && order)
    expect(report).toMatchObject({ ok: false, confirmed: 1 })
    expect(faults).toEqual([expect.stringMatching(/^Order A1-SAME was given twice, to c\d+ and to c\d+\.$/)])
  })

  test("gives a buyer an order that belongs to another customer", async () => {
    const order = http(201, JSON.stringify({ id: "A1-SAME", state: "confirmed", customerId: "eve" }))
    const { faults } = await run(5, { buyers: 1 }, (asked, server) => server.sell(asked) && order)
    expect(faults).toEqual([expect.stringMatching(/^Order A1-SAME was given to c\d+ but belongs to eve\.$/)])
  })

  test("shows a stock that does not add up or does not cover the orders", async () => {
    const { report, faults } = await run(5, {}, (asked, server) => {
      server.stock = { total: 5, free: 5, held: 0, sold: 1 }
      return server.sell(asked)
    })
    expect(report.ok).toBe(false)
    expect(faults).toEqual([
      "The stock of shoe does not add up: 5 free + 0 held + 1 sold is not 5.",
      "The bots won 5 units of shoe, but only 1 are held or sold.",
    ])
  })
})
