import { describe, expect, test } from "bun:test"
import { AttackCounters } from "../../../src/cli/attack/counters.ts"
import type { AttackProgress } from "../../../src/cli/attack/observer.ts"
import { frame, plainLine, RequestRates } from "../../../src/cli/attack/report/view.ts"
import { bar, isLive, LiveBlock, paint, sparkline } from "../../../src/cli/terminal.ts"
import type { Item } from "../../../src/wire/wire.ts"

const progress = (): AttackProgress => {
  const tally = new AttackCounters()
  tally.answered({ type: "ok", status: 201, code: "confirmed", node: "node-10" })
  tally.answered({ type: "fail", status: 409, code: "sold_out", node: "node-2" })
  tally.settle("ann", { type: "ok", status: 201, code: "confirmed", orderId: "A1", state: "confirmed" }, 5)
  tally.settle("bob", { type: "fail", status: 409, code: "sold_out" }, 7)
  return { seconds: 2, planned: 4, counters: tally, item: { total: 4, held: 0, sold: 1 } as Item, sale: "Shoes" }
}

test("a line a second for pipes and files", () => {
  expect(plainLine(progress(), 1234.5)).toBe(
    "2 s  sold 2  refused 1  unknown 0  1,235 requests/s  p99 7.00 ms  node-2 50 %  node-10 50 %",
  )
})

test("a block for terminals", () => {
  const lines = frame(progress(), [10, 20], { write: () => {} })
  expect(lines.join("\n")).toContain(`sold     ${"█".repeat(15)}${"·".repeat(15)} 2 of 4`)
  expect(lines.every(line => !line.includes("\x1b"))).toBe(true)
})

test("a block draws over itself and leaves nothing", () => {
  let written = ""
  const block = new LiveBlock({ isTTY: true, write: text => (written += text) })
  block.draw(["one", "two"])
  block.draw(["three"])
  block.clear()
  expect(written).toBe("\x1b[?7lone\ntwo\n\x1b[?7h\x1b[2F\x1b[J\x1b[?7lthree\n\x1b[?7h\x1b[1F\x1b[J")
})

test("the rate is that of the last second", () => {
  const rates = new RequestRates()
  rates.see(1, 100)
  rates.see(1.1, 110)
  rates.see(2, 400)
  expect(rates.all).toEqual([100, 300])
})

describe("drawing", () => {
  test.each([
    [0, "····"],
    [0.5, "██··"],
    [0.53125, "██▏·"],
    [1, "████"],
    [7, "████"],
  ])("a bar of %p", (share, drawn) => {
    expect(bar(share, 4)).toBe(drawn)
  })

  test("a sparkline", () => {
    expect(sparkline([0, 5, 10])).toBe("▁▅█")
    expect(sparkline([])).toBe("")
  })
})

describe("a view", () => {
  test.each([
    ["a terminal", { isTTY: true, hasColors: () => true }, true],
    ["a terminal with NO_COLOR", { isTTY: true, hasColors: () => false }, false],
    ["a pipe", {}, false],
  ])("on %s", (_, looks, isLiveHere) => {
    const screen = { ...looks, write: () => {} }
    expect(isLive(screen)).toBe(isLiveHere)
    if (!isLiveHere) expect(paint(screen, "red", "plain")).toBe("plain")
  })
})
