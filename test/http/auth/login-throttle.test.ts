import { describe, expect, test } from "bun:test"
import {
  ALL_GUESSES_MAX,
  FORGIVEN_MS,
  GUESSES_MAX,
  LoginThrottle,
  subnetOf,
} from "../../../src/http/auth/login-throttle.ts"

/** Wrong tokens that were not sent before, each from the subnet that `subnetAt` gives. */
function guess(throttle: LoginThrottle, times: number, subnetAt: (at: number) => string, now = 0): void {
  for (let at = 0; at < times; at++) throttle.addFailure(subnetAt(at), `${subnetAt(at)} ${now} ${at}`, now)
}

describe("the login throttle", () => {
  test("makes a subnet wait after too many guesses, and allows one more for each that is forgiven", () => {
    const throttle = new LoginThrottle()
    guess(throttle, GUESSES_MAX, () => "a")
    expect(throttle.addFailure("a", "one more", 0)).toBe(FORGIVEN_MS)
    expect(throttle.addFailure("b", "another's", 0)).toBe(0)
    expect(throttle.addFailure("a", "one more", FORGIVEN_MS / 2)).toBeCloseTo(FORGIVEN_MS / 2, -2)
    expect(throttle.addFailure("a", "one more", FORGIVEN_MS + 1)).toBe(0)
    expect(throttle.addFailure("a", "and one more", FORGIVEN_MS + 1)).toBeGreaterThan(0)
  })

  test("counts a wrong token that is sent again and again once", () => {
    const throttle = new LoginThrottle()
    const waits = Array.from({ length: 100 }, () => throttle.addFailure("a", "the old token", 0))
    expect(waits.filter(Boolean)).toEqual([])
    expect(throttle.addFailure("a", "a first guess", 0)).toBe(0)
  })

  test("makes every subnet wait after too many guesses of all together", () => {
    const throttle = new LoginThrottle()
    guess(throttle, ALL_GUESSES_MAX, at => `stranger-${at}`)
    expect(throttle.addFailure("another", "a guess", 0)).toBeGreaterThan(0)
    expect(throttle.addFailure("another", "a guess", 1000)).toBe(0)
  })

  test("uses a bounded amount of memory for any number of subnets", () => {
    const throttle = new LoginThrottle()
    const before = process.memoryUsage().heapUsed
    // Slowly enough that none has to wait.
    for (let at = 0; at < 100_000; at++) {
      const subnet = `10.${at >> 16}.${(at >> 8) & 255}.${at & 255}`
      expect(throttle.addFailure(subnet, subnet, at * 1000)).toBe(0)
    }
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(64 * 1024 * 1024)
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
])("the address %p is in the subnet %p", (address, subnet) => {
  expect(subnetOf(address)).toBe(subnet)
})
