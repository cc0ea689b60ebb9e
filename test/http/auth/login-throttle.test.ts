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
  test("locks a subnet after too many guesses, and allows one more for each that is forgiven", () => {
    const throttle = new LoginThrottle()
    guess(throttle, GUESSES_MAX - 1, () => "a")
    expect(throttle.lockedMs("a", 0)).toBe(0)
    guess(throttle, 1, () => "a", 1)
    expect(throttle.lockedMs("a", 1)).toBeGreaterThan(FORGIVEN_MS - 10)
    expect(throttle.lockedMs("b", 1)).toBe(0)
    expect(throttle.lockedMs("a", FORGIVEN_MS / 2)).toBeCloseTo(FORGIVEN_MS / 2, -2)
    expect(throttle.lockedMs("a", FORGIVEN_MS + 1)).toBe(0)
    guess(throttle, 1, () => "a", FORGIVEN_MS + 1)
    expect(throttle.lockedMs("a", FORGIVEN_MS + 1)).toBeGreaterThan(0)
  })

  test("counts a wrong token that is sent again and again once", () => {
    const throttle = new LoginThrottle()
    const counted = Array.from({ length: 100 }, () => throttle.addFailure("a", "the old token", 0))
    expect(counted.filter(Boolean)).toHaveLength(1)
    expect(throttle.lockedMs("a", 0)).toBe(0)
  })

  test("locks every subnet after too many guesses of all together, except those that have sent the right token", () => {
    const throttle = new LoginThrottle()
    throttle.addSuccess("trusted")
    guess(throttle, ALL_GUESSES_MAX, at => `stranger-${at}`)
    expect(throttle.lockedMs("another", 0)).toBeGreaterThan(0)
    expect(throttle.lockedMs("trusted", 0)).toBe(0)
    expect(throttle.lockedMs("another", 1000)).toBe(0)
    guess(throttle, GUESSES_MAX, () => "trusted", 1000)
    expect(throttle.lockedMs("trusted", 1000)).toBeGreaterThan(0)
  })

  test("uses a bounded amount of memory for any number of subnets", () => {
    const throttle = new LoginThrottle()
    const before = process.memoryUsage().heapUsed
    guess(throttle, 100_000, at => `10.${at >> 16}.${(at >> 8) & 255}.${at & 255}`)
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(64 * 1024 * 1024)
    // The guesses of the first subnets are forgotten; the sum of all is not.
    expect(throttle.lockedMs("10.0.0.0", 1e9)).toBe(0)
    expect(throttle.lockedMs("10.0.0.0", 0)).toBeGreaterThan(0)
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
