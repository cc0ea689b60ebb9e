import { describe, expect, test } from "bun:test"
import { AttackCounters } from "../../../src/cli/attack/counters.ts"
import type { AttemptResult } from "../../../src/cli/attack/http/attempt-result.ts"
import type { AttackProgress } from "../../../src/cli/attack/observer.ts"
import { frame, plainLine, RequestRates } from "../../../src/cli/attack/report/view.ts"
import { bar, isLive, LiveBlock, paint, sparkline } from "../../../src/cli/terminal.ts"
import type { Item } from "../../../src/wire/wire.ts"

const progress = (): AttackProgress => {
  const counters = new AttackCounters()
  const won: AttemptResult = { type: "ok", status: 201, code: "confirmed", orderId: "A1", state: "confirmed" }
  const refused: AttemptResult = { type: "fail", status: 409, code: "sold_out" }
  counters.answered({ ...won, node: "node-10" })
  counters.answered({ ...refused, node: "node-2" })
  counters.settle("ann", won, 5)
  counters.settle("bob", refused, 7)
  return { seconds: 2, planned: 4, counters: counters, item: { total: 4, held: 0, sold: 1 } as Item, sale: "Shoes" }
}

test("a plain line has all figures, with the nodes in order", () => {
  expect(plainLine(progress(), 1234.5)).toBe(
    "2 s  sold 2  refused 1  unknown 0  1,235 requests/s  p99 7.00 ms  node-2 50 %  node-10 50 %",
  )
})

test("a block for a screen without colours has bars and no escape codes", () => {
  const lines = frame(progress(), [10, 20], { write: () => {} })
  expect(lines.join("\n")).toContain(`sold     ${"█".repeat(15)}${"·".repeat(15)} 2 of 4`)
  expect(lines.every(line => !line.includes("\x1b"))).toBe(true)
})

test("a live block overwrites its last lines, and clear removes them", () => {
  let written = ""
  const block = new LiveBlock({ isTTY: true, write: text => (written += text) })
  block.draw(["one", "two"])
  block.draw(["three"])
  block.clear()
  expect(written).toBe("\x1b[?7lone\ntwo\n\x1b[?7h\x1b[2F\x1b[J\x1b[?7lthree\n\x1b[?7h\x1b[1F\x1b[J")
})

test("the rate is computed once per second", () => {
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
  ])("a bar of share %p", (share, drawn) => {
    expect(bar(share, 4)).toBe(drawn)
  })

  test("a sparkline scales to its greatest value", () => {
    expect(sparkline([0, 5, 10])).toBe("▁▅█")
    expect(sparkline([])).toBe("")
  })
})

describe("a screen is redrawn in place", () => {
  test.each([
    ["on a terminal", { isTTY: true, hasColors: () => true }, true],
    ["not on a terminal with NO_COLOR", { isTTY: true, hasColors: () => false }, false],
    ["not on a pipe", {}, false],
  ])("%s", (_, looks, isLiveHere) => {
    const screen = { ...looks, write: () => {} }
    expect(isLive(screen)).toBe(isLiveHere)
    if (!isLiveHere) expect(paint(screen, "red", "plain")).toBe("plain")
  })
})
