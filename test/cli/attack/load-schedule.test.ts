import { describe, expect, test } from "bun:test"
import { attack } from "../../../src/cli/attack/attack.ts"
import { LoadSchedule } from "../../../src/cli/attack/load-schedule.ts"
import { RetryBudget } from "../../../src/cli/attack/retry-budget.ts"
import { openDouble } from "./fake-server.ts"

const SLOW_MS = 20

/** One bot, twenty purchases, a server that takes 20 ms for each. */
async function slowly(rate?: number) {
  using double = openDouble(20, async (asked, { sell }) => {
    await Bun.sleep(SLOW_MS)
    return sell(asked)
  })
  return await attack({ url: double.url, buyers: 20, concurrency: 1, rate })
}

test("open loop: the time that a purchase waited for its turn is latency", async () => {
  const report = await slowly(1000)
  expect(report.latencyMs.max).toBeGreaterThan(19 * (SLOW_MS - 1) - 20)
  expect(report.latencyMs.p50).toBeGreaterThan(8 * (SLOW_MS - 1))
})

test("closed loop: a bot that waits sends nothing, so nothing waits", async () => {
  const report = await slowly()
  expect(report.latencyMs.p50).toBeLessThan(4 * SLOW_MS)
})

test("open loop: arrivals keep to their schedule", async () => {
  using double = openDouble(100)
  const report = await attack({ url: double.url, buyers: 50, concurrency: 10, rate: 200 })
  expect(report.seconds).toBeGreaterThan(0.24)
  expect(report.seconds).toBeLessThan(0.75)
  expect(report.requests).toBe(50)
})

test("a duration ends the attack, and what could not be sent is told", async () => {
  using double = openDouble(100, () => "hang")
  const remarks: string[] = []
  const options = {
    url: double.url,
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

test("an interrupt ends the attack: what is in flight is waited for, nothing is repeated", async () => {
  const interrupt = new AbortController()
  using double = openDouble(100, (asked, { sell }) => {
    const answer = sell(asked)
    if (double.asked.length === 20) interrupt.abort()
    return asked.connection % 2 === 0 ? answer : { cut: "" }
  })
  const report = await attack({ url: double.url, buyers: 1000, concurrency: 4, signal: interrupt.signal })
  expect(report.requests).toBeLessThan(25)
  expect(report.ok).toBe(true)
})

describe("the schedule", () => {
  test("gives every buyer a first purchase before any gets a second", async () => {
    const pace = new LoadSchedule({ buyers: 3, requestsPerBuyer: 2 })
    const order: string[] = []
    for (let next = await pace.next(); next; next = await pace.next()) order.push(`${next.buyer}.${next.round}`)
    expect(order).toEqual(["0.0", "1.0", "2.0", "0.1", "1.1", "2.1"])
  })

  test("holds no more purchases than there are arrivals in its duration", () => {
    expect(new LoadSchedule({ buyers: 1000, requestsPerBuyer: 1, rate: 10, durationMs: 2500 }).planned).toBe(25)
    expect(new LoadSchedule({ buyers: 5, requestsPerBuyer: 1, rate: 10, durationMs: 2500 }).planned).toBe(5)
  })
})

describe("patience", () => {
  test("pauses double up to two seconds, with full jitter", () => {
    const pausesOf = (random: number): (number | undefined)[] => {
      const patience = new RetryBudget(60_000, undefined, () => random)
      return Array.from({ length: 8 }, () => patience.nextPause(0))
    }
    expect(pausesOf(1)).toEqual([50, 100, 200, 400, 800, 1600, 2000, 2000])
    expect(pausesOf(0)).toEqual([0, 0, 0, 0, 0, 0, 0, 0])
  })

  test("ends rather than pauses beyond its time or for ever", () => {
    expect(new RetryBudget(900, undefined).nextPause(1)).toBeUndefined()
    const tireless = new RetryBudget(60_000, undefined, () => 0)
    for (let i = 0; i < 200; i++) expect(tireless.nextPause(0)).toBe(0)
    expect(tireless.nextPause(0)).toBeUndefined()
  })
})
