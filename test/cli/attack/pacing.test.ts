import { describe, expect, test } from "bun:test"
import { attack } from "../../../src/cli/attack/attack.ts"
import { LoadSchedule, RetryBudget } from "../../../src/cli/attack/pacing.ts"
import { openFakeServer } from "./fake-server.ts"

const SLOW_MS = 20

/** One bot makes twenty purchases at a server that takes 20 ms for each. */
async function attackSlowServer(rate?: number) {
  using server = openFakeServer(20, async (asked, { sell }) => {
    await Bun.sleep(SLOW_MS)
    return sell(asked)
  })
  return await attack({ url: server.url, buyers: 20, concurrency: 1, rate })
}

test("open loop: the wait for a free bot counts as latency", async () => {
  const report = await attackSlowServer(1000)
  expect(report.latencyMs.max).toBeGreaterThan(19 * (SLOW_MS - 1) - 20)
  expect(report.latencyMs.p50).toBeGreaterThan(8 * (SLOW_MS - 1))
})

test("closed loop: a purchase begins when its bot is free, so it never waits for one", async () => {
  const report = await attackSlowServer()
  expect(report.latencyMs.p50).toBeLessThan(4 * SLOW_MS)
})

test("open loop: 50 arrivals at 200 per second take a quarter of a second", async () => {
  using server = openFakeServer(100)
  const report = await attack({ url: server.url, buyers: 50, concurrency: 10, rate: 200 })
  expect(report.seconds).toBeGreaterThan(0.24)
  expect(report.seconds).toBeLessThan(0.75)
  expect(report.requests).toBe(50)
})

test("a duration ends the attack, and a remark says how many purchases were not sent", async () => {
  using server = openFakeServer(100, () => "hang")
  const remarks: string[] = []
  const options = {
    url: server.url,
    buyers: 1000,
    concurrency: 2,
    rate: 100,
    durationMs: 300,
    timeoutMs: 400,
    patienceMs: 0,
  }
  const report = await attack(options, { remark: sentence => remarks.push(sentence) })
  expect(report).toMatchObject({ requests: 2, unknown: 2, errors: 2, ok: true })
  expect(remarks).toEqual(["28 of 30 scheduled purchases were not sent: the answers came too slowly."])
})

test("an interrupt ends the attack: requests in flight are waited for, and none is repeated", async () => {
  const interrupt = new AbortController()
  const remarks: string[] = []
  using server = openFakeServer(100, (asked, { sell }) => {
    const answer = sell(asked)
    if (server.asked.length === 20) interrupt.abort()
    return asked.connection % 2 === 0 ? answer : { cut: "" }
  })
  const options = { url: server.url, buyers: 1000, concurrency: 4, signal: interrupt.signal }
  const report = await attack(options, { remark: sentence => remarks.push(sentence) })
  expect(report.requests).toBeLessThan(25)
  expect(report.ok).toBe(true)
  expect(remarks).toEqual([expect.stringMatching(/^Stopped early: [0-9]+ of 1000 purchases were begun\.$/)])
})

test("an interrupt while sessions are opened ends the attack before the first purchase", async () => {
  const interrupt = new AbortController()
  using server = openFakeServer(100)
  server.onSession = count => count === 10 && interrupt.abort()
  const report = await attack({ url: server.url, buyers: 1000, concurrency: 4, signal: interrupt.signal })
  expect(report).toMatchObject({ requests: 0, confirmed: 0, ok: true })
})

describe("the load schedule", () => {
  test("hands out a first purchase of every buyer before any second one", async () => {
    const schedule = new LoadSchedule({ buyers: 3, requestsPerBuyer: 2 })
    const order: string[] = []
    for (let next = await schedule.next(); next; next = await schedule.next()) order.push(`${next.buyer}.${next.round}`)
    expect(order).toEqual(["0.0", "1.0", "2.0", "0.1", "1.1", "2.1"])
  })

  test("holds no more purchases than there are arrivals in its duration", () => {
    expect(new LoadSchedule({ buyers: 1000, requestsPerBuyer: 1, rate: 10, durationMs: 2500 }).planned).toBe(25)
    expect(new LoadSchedule({ buyers: 5, requestsPerBuyer: 1, rate: 10, durationMs: 2500 }).planned).toBe(5)
  })
})

describe("the retry budget", () => {
  test("pauses double up to two seconds, with full jitter", () => {
    const pausesOf = (random: number): (number | undefined)[] => {
      const budget = new RetryBudget({ forMs: 60_000, random: () => random })
      return Array.from({ length: 8 }, () => budget.nextPauseMs(0))
    }
    expect(pausesOf(0)).toEqual([50, 100, 200, 400, 800, 1600, 2000, 2000])
    expect(pausesOf(1)).toEqual([0, 0, 0, 0, 0, 0, 0, 0])
  })

  test("allows no pause that ends after its time", () => {
    expect(new RetryBudget({ forMs: 900 }).nextPauseMs(1)).toBeUndefined()
  })

  test("allows 200 retries at most", () => {
    const budget = new RetryBudget({ forMs: 60_000, random: () => 1 })
    for (let i = 0; i < 200; i++) expect(budget.nextPauseMs(0)).toBe(0)
    expect(budget.nextPauseMs(0)).toBeUndefined()
  })
})
