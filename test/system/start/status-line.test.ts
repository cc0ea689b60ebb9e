import { expect, test } from "bun:test"
import { StatusLine, type SystemStatus } from "../../../src/cli/status-line.ts"

/** A screen that records what is written to it. */
function screenOf(looks: { isTTY?: boolean; hasColors?: () => boolean }) {
  const written: string[] = []
  return { ...looks, written, write: (text: string) => written.push(text) }
}

const state = (sold: number, rate: number, ready = 3): SystemStatus => ({
  nodes: ["ready", "ready", ready === 3 ? "ready" : "down"].map(state => ({ state, requestsPerSecond: rate / 3 })),
  sale: { name: "Shoes", items: [{ total: 40, free: 40 - sold, held: 0, sold }] },
})

test("on a terminal the status is one line, drawn over again and again, and a log line replaces it", () => {
  const screen = screenOf({ isTTY: true, hasColors: () => true })
  const line = new StatusLine(screen)
  line.state(state(0, 0))
  line.state(state(10, 1200, 2))
  const [, last] = screen.written
  expect(last).toStartWith("\r\x1b[K\x1b[?7l")
  expect(last).toEndWith("\x1b[?7h\r")
  expect(last).not.toContain("\n")
  expect(last).toContain("2 of 3 ready")
  expect(last).toContain("▁█ 1,200 requests/s")
  expect(last).toContain("█████···············")
  expect(last).toContain("10 of 40")
  line.clear()
  expect(screen.written.at(-1)).toBe("\r\x1b[K")
})

test.each([
  ["a pipe", {}],
  ["a terminal with NO_COLOR", { isTTY: true, hasColors: () => false }],
])("to %s a plain line is written when something changes, and not often", (_, looks) => {
  const screen = screenOf(looks)
  let now = 0
  const line = new StatusLine(screen, { monotonic: () => now })
  const after = (seconds: number, next: SystemStatus) => {
    now += seconds * 1000
    line.state(next)
  }
  after(1, state(0, 0))
  after(20, state(0, 0))
  expect(screen.written).toEqual([])
  after(1, state(1, 300))
  after(1, state(2, 300))
  expect(screen.written).toEqual(["3 of 3 replicas ready, 1 of 40 Shoes sold or held, 300 requests/s\n"])
  after(10, state(40, 9))
  line.clear()
  expect(screen.written.slice(1)).toEqual(["3 of 3 replicas ready, 40 of 40 Shoes sold or held, 9 requests/s\n"])
})
