import { expect, test } from "bun:test"
import { systemRandom } from "../../src/runtime/random.ts"

test("a suffix is four characters, of which each is as likely as any other at every place", () => {
  const places = Array.from({ length: 4 }, () => new Map<string, number>())
  const suffixes = Array.from({ length: 64_000 }, () => systemRandom.suffix())
  for (const suffix of suffixes) {
    expect(suffix).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}$/)
    for (const [at, counts] of places.entries()) counts.set(suffix.charAt(at), (counts.get(suffix.charAt(at)) ?? 0) + 1)
  }
  for (const counts of places) {
    expect(counts.size).toBe(32)
    // 2,000 are expected of each; one in 10^15 runs differs by so much.
    for (const count of counts.values()) expect(Math.abs(count - 2000)).toBeLessThan(400)
  }
  expect(new Set(suffixes).size).toBeGreaterThan(60_000)
})
