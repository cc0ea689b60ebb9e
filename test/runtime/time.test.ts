import { describe, expect, test } from "bun:test"
import { Backoff, sleep, systemTime, withTimeout } from "../../src/runtime/time.ts"
import { FakeTime } from "../support/fake-time.ts"

describe("sleep", () => {
  test("resolves after the given time, not before", async () => {
    const time = new FakeTime()
    let isAwake = false
    void sleep(100, undefined, time).then(() => {
      isAwake = true
    })
    await time.advance(99)
    expect(isAwake).toBe(false)
    await time.advance(1)
    expect(isAwake).toBe(true)
  })

  test.each(["before", "during"])("an abort %s it ends it at once and leaves no timer", async when => {
    const time = new FakeTime()
    const stop = new AbortController()
    if (when === "before") stop.abort()
    const asleep = sleep(100, stop.signal, time)
    stop.abort()
    await asleep
    expect(time.pending).toBe(0)
    expect(time.monotonic()).toBe(0)
  })
})

describe("withTimeout", () => {
  test("gives the value of work that ends in time, and leaves no timer", async () => {
    const time = new FakeTime()
    expect(await withTimeout(100, Promise.resolve("value"), time)).toBe("value")
    expect(time.pending).toBe(0)
  })

  test("gives undefined when the work takes longer, and ignores its later failure", async () => {
    const time = new FakeTime()
    const work = Promise.withResolvers<string>()
    const result = withTimeout(100, work.promise, time)
    await time.advance(100)
    expect(await result).toBeUndefined()
    work.reject(new Error("too late"))
    await time.advance(1)
  })

  test("passes on a failure that comes in time", async () => {
    const time = new FakeTime()
    await expect(withTimeout(100, Promise.reject(new Error("broken")), time)).rejects.toThrow("broken")
    expect(time.pending).toBe(0)
  })
})

describe("Backoff", () => {
  test("doubles each pause up to the limit, and starts again after a reset", () => {
    const backoff = new Backoff({ minMs: 100, maxMs: 500 })
    expect([1, 2, 3, 4, 5].map(() => backoff.next())).toEqual([100, 200, 400, 500, 500])
    backoff.reset()
    expect(backoff.next()).toBe(100)
  })

  test("stays at the limit however many attempts fail", () => {
    const backoff = new Backoff({ minMs: 100, maxMs: 500 })
    for (let attempt = 0; attempt < 2000; attempt++) backoff.next()
    expect(backoff.next()).toBe(500)
  })

  test("takes a random share off each pause", () => {
    const randoms = [0, 0.5, 1]
    const half = new Backoff({ minMs: 100, maxMs: 100, jitter: 0.5, random: () => randoms.shift()! })
    expect([half.next(), half.next(), half.next()]).toEqual([100, 75, 50])
    const full = new Backoff({ minMs: 100, maxMs: 100, jitter: 1, random: () => 0.75 })
    expect(full.next()).toBe(25)
  })
})

describe("timers", () => {
  test("fake time runs each timer at its own moment, and none that was cancelled", async () => {
    const time = new FakeTime(1_000)
    const fired: [string, number][] = []
    time.every(40, () => fired.push(["every", time.now()]))
    time.after(50, () => fired.push(["once", time.now()]))
    time.after(60, () => fired.push(["cancelled", time.now()]))[Symbol.dispose]()
    await time.advance(100)
    expect(fired).toEqual([
      ["every", 1_040],
      ["once", 1_050],
      ["every", 1_080],
    ])
    expect(time.now()).toBe(1_100)
  })

  test("the machine's timers run and can be cancelled", async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    let cancelled = 0
    systemTime.after(1, () => cancelled++)[Symbol.dispose]()
    systemTime.every(1, () => cancelled++)[Symbol.dispose]()
    using _every = systemTime.every(2, () => resolve())
    const before = systemTime.monotonic()
    await promise
    await sleep(5)
    expect(cancelled).toBe(0)
    expect(systemTime.monotonic()).toBeGreaterThan(before)
    expect(systemTime.now() - Date.now()).toBeLessThanOrEqual(0)
  })
})
