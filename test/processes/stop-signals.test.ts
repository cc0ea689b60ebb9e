import { expect, test } from "bun:test"
import { StopSignals } from "../../src/processes/stop-signals.ts"
import { FakeTime } from "../support/fake-time.ts"

function stopSignals() {
  const time = new FakeTime()
  const signals = new StopSignals(time)
  let isAtOnce = false
  void signals.orderedAtOnce.then(() => {
    isAtOnce = true
  })
  return { time, signals, isAtOnce: () => isAtOnce }
}

test("the first signal asks for an orderly stop", async () => {
  const { signals, isAtOnce, time } = stopSignals()
  expect(signals.isOrdered).toBe(false)
  signals.order("SIGTERM")
  await time.advance(1_000)
  expect(signals.isOrdered).toBe(true)
  expect(await signals.ordered).toBe("SIGTERM")
  expect(isAtOnce()).toBe(false)
})

test("a Ctrl-C that arrives twice within a moment counts once", async () => {
  const { signals, isAtOnce, time } = stopSignals()
  signals.order("SIGINT")
  await time.advance(250)
  signals.order("SIGINT")
  await time.advance(0)
  expect(isAtOnce()).toBe(false)
})

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("a later Ctrl-C after %s ends the process at once", async first => {
  const { signals, isAtOnce, time } = stopSignals()
  signals.order(first)
  await time.advance(251)
  signals.order("SIGINT")
  await time.advance(0)
  expect(isAtOnce()).toBe(true)
})

test("a repeated SIGTERM does not hurry the stop", async () => {
  const { signals, isAtOnce, time } = stopSignals()
  signals.order("SIGTERM")
  await time.advance(10_000)
  signals.order("SIGTERM")
  await time.advance(0)
  expect(isAtOnce()).toBe(false)
})

test("once disposed it no longer listens", () => {
  const before = process.listenerCount("SIGTERM")
  const signals = new StopSignals()
  signals.start()
  expect(process.listenerCount("SIGTERM")).toBe(before + 1)
  signals[Symbol.dispose]()
  expect(process.listenerCount("SIGTERM")).toBe(before)
})
