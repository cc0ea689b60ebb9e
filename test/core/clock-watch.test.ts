import { expect, test } from "bun:test"
import { ClockWatch } from "../../src/core/clock-watch.ts"

// A clock may be ahead, behind, stopped, or set in either direction, on the machine that is watched or in the watching process.
// Only elapsed time can tell, so every case is told by it.

const HOUR = 3_600_000

/** A watch that has read a clock ten times a second for `ms`; `skew` is how far the clock is from elapsed time at a moment. */
function watched(ms: number, skew: (elapsed: number) => number, delay = 0): ClockWatch {
  const watch = new ClockWatch()
  for (let at = 0; at <= ms; at += 100) watch.learn(at + skew(at), at, at + delay)
  return watch
}

test.each([
  ["right", 0],
  ["an hour ahead", HOUR],
  ["an hour behind", -HOUR],
])("a clock that is %s and steady is believed after five seconds, and never in doubt", (_, skew) => {
  expect(watched(4900, () => skew).isSteady).toBe(false)
  const watch = watched(5000, () => skew)
  expect(watch).toMatchObject({ isSteady: true, isInDoubt: false, offset: skew })
  expect(watch.status(5000 + skew, 5000)).toEqual({ jumps: 0, jumpMs: 0, isInDoubt: false, aheadMs: 0 })
})

test.each([
  ["an hour forward", HOUR],
  ["an hour back", -HOUR],
  ["2.5 seconds forward", 2500],
  ["2.5 seconds back", -2500],
])(
  "a clock that is set %s is in doubt for five seconds, and its jump is told with its size for ten minutes",
  (_, ms) => {
    const skew = (at: number) => (at < 10_000 ? 0 : ms)
    expect(watched(9900, skew).isInDoubt).toBe(false)
    expect(watched(14_900, skew)).toMatchObject({ isInDoubt: true, isSteady: false })
    const after = watched(15_000, skew)
    expect(after).toMatchObject({ isInDoubt: false, isSteady: true, offset: ms })
    const { jumps, jumpMs } = after.status(0, 600_000)
    expect([jumps, Math.abs(jumpMs - ms) <= 20]).toEqual([1, true])
    expect(after.status(0, 610_000).jumpMs).toBe(0)
  },
)

test("a clock that is set by less than two seconds has not jumped, but several such steps together have", () => {
  expect(watched(20_000, at => (at < 10_000 ? 0 : 1900))).toMatchObject({ isInDoubt: false, isSteady: true })
  expect(watched(12_000, at => (at < 10_000 ? 0 : at < 11_000 ? -1900 : -3800)).isInDoubt).toBe(true)
})

test("a clock that stands still, or runs at double speed, is in doubt until it no longer does", () => {
  expect(watched(60_000, at => -at).isInDoubt).toBe(true)
  expect(watched(60_000, at => at).isInDoubt).toBe(true)
  expect(watched(60_000, at => -Math.min(at, 30_000)).isInDoubt).toBe(false)
})

test("a clock that NTP corrects little by little has not jumped", () => {
  const twoSecondsAnHour = (at: number) => at / 2000
  expect(watched(2 * HOUR, twoSecondsAnHour).status(0, 0)).toMatchObject({ jumps: 0, isInDoubt: false })
})

test("replies that take long, or a process that is frozen while one is under way, are no jump", () => {
  expect(watched(30_000, () => 7, 9000).isInDoubt).toBe(false)
  const watch = watched(10_000, () => 0)
  watch.learn(10_100, 10_050, 70_000)
  watch.learn(70_100, 70_100, 70_100)
  expect(watch.isInDoubt).toBe(false)
})

test("the offset is never too large: the fastest of the latest replies gives it", () => {
  const watch = new ClockWatch()
  for (const [sent, received] of [
    [0, 900],
    [1000, 1010],
    [2000, 2500],
  ] as const) {
    watch.learn(received + HOUR - (received - sent) / 2, sent, received)
  }
  expect(watch.offset).toBe(HOUR - 5)
})
