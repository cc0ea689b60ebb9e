import { describe, expect, test } from "bun:test"
import {
  ALL_GUESSES_MAX,
  FORGIVEN_MS,
  GUESSES_MAX,
  LoginThrottle,
  neighbourhood,
} from "../../src/http/auth/login-throttle.ts"

/** So many guesses that nobody made before, from one address or from one each. */
function guess(guard: LoginThrottle, times: number, addressOf: (at: number) => string, now = 0): void {
  for (let at = 0; at < times; at++) guard.wrong(addressOf(at), `${addressOf(at)} ${now} ${at}`, now)
}

describe("the guard", () => {
  test("locks an address out after so many guesses, and lets one more through with each that is forgiven", () => {
    const guard = new LoginThrottle()
    guess(guard, GUESSES_MAX - 1, () => "a")
    expect(guard.lockedMs("a", 0)).toBe(0)
    guess(guard, 1, () => "a", 1)
    expect(guard.lockedMs("a", 1)).toBeGreaterThan(FORGIVEN_MS - 10)
    expect(guard.lockedMs("b", 1)).toBe(0)
    expect(guard.lockedMs("a", FORGIVEN_MS / 2)).toBeCloseTo(FORGIVEN_MS / 2, -2)
    expect(guard.lockedMs("a", FORGIVEN_MS + 1)).toBe(0)
    guess(guard, 1, () => "a", FORGIVEN_MS + 1)
    expect(guard.lockedMs("a", FORGIVEN_MS + 1)).toBeGreaterThan(0)
  })

  test("a tool that repeats one wrong token locks nobody out", () => {
    const guard = new LoginThrottle()
    const told = Array.from({ length: 100 }, () => guard.wrong("a", "the old token", 0))
    expect(told.filter(Boolean)).toHaveLength(1)
    expect(guard.lockedMs("a", 0)).toBe(0)
  })

  test("many addresses together lock out strangers, and nobody who knew the token", () => {
    const guard = new LoginThrottle()
    guard.right("friend")
    guess(guard, ALL_GUESSES_MAX, at => `stranger-${at}`)
    expect(guard.lockedMs("another", 0)).toBeGreaterThan(0)
    expect(guard.lockedMs("friend", 0)).toBe(0)
    expect(guard.lockedMs("another", 1000)).toBe(0)
    guess(guard, GUESSES_MAX, () => "friend", 1000)
    expect(guard.lockedMs("friend", 1000)).toBeGreaterThan(0)
  })

  test("remembers no more than so much, whoever comes", () => {
    const guard = new LoginThrottle()
    const before = process.memoryUsage().heapUsed
    guess(guard, 100_000, at => `10.${at >> 16}.${(at >> 8) & 255}.${at & 255}`)
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(64 * 1024 * 1024)
    // The last to come are remembered, the first are not: their guesses are forgotten, the sum of all is not.
    expect(guard.lockedMs("10.0.0.0", 1e9)).toBe(0)
    expect(guard.lockedMs("10.0.0.0", 0)).toBeGreaterThan(0)
  })
})

test.each([
  ["127.0.0.1", "127.0.0.1"],
  ["::ffff:10.1.2.3", "10.1.2.3"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
  ["2001:db8:1:2::6", "2001:db8:1:2"],
  ["2001:db8::1", "2001:db8:0:0"],
  ["::1", "0:0:0:0"],
  ["", ""],
])("%p is of the neighbourhood %p", (address, whole) => {
  expect(neighbourhood(address)).toBe(whole)
})
