import { describe, expect, test } from "bun:test"
import { AttackCounters } from "../../../src/cli/attack/counters.ts"
import type { AttemptResult } from "../../../src/cli/attack/http/attempt-result.ts"
import { makeReport, stockFaults } from "../../../src/cli/attack/report/attack-report.ts"
import { summary, verdict } from "../../../src/cli/attack/report/summary.ts"
import type { Item, Sale } from "../../../src/wire/wire.ts"

const item = (free: number, held: number, sold: number, total = 10): Item => ({
  sku: "shoe",
  name: "Shoe",
  price: { amount: 1, currency: "IDR" },
  ...{ total, free, held, sold },
})
const sale = (items: Item[], holdSeconds?: number): Sale => ({ items, holdSeconds }) as Sale
const won = { sku: "shoe", quantity: 1, confirmed: 0, held: 0, seconds: 1 }
const screen = { write: () => {} }

const ok = (orderId: string, state = "confirmed"): AttemptResult => ({
  type: "ok",
  status: 201,
  code: state,
  orderId,
  state,
})
const fail = (code: string): AttemptResult => ({ type: "fail", status: 409, code, node: "node-2", seq: 9 })
const unknown: AttemptResult = { type: "info", status: 0, code: "broken" }

function countersOf(answers: AttemptResult[]): AttackCounters {
  const counters = new AttackCounters()
  answers.forEach((answer, index) => {
    counters.requests++
    counters.answered(answer)
    counters.settle(`c${index}`, answer, index + 1)
  })
  return counters
}

test("a report counts purchases by result", () => {
  const answers = [ok("A1"), ok("A2", "held"), fail("sold_out"), fail("limit_reached"), fail("sold_out"), unknown]
  expect(makeReport(countersOf(answers), 6, 2, item(8, 1, 1), true)).toEqual({
    buyers: 6,
    requests: 6,
    confirmed: 1,
    held: 1,
    refused: { sold_out: 2, limit_reached: 1 },
    unknown: 1,
    errors: 1,
    seconds: 2,
    rate: 3,
    latencyMs: { p50: 3.001, p90: 6, p99: 6, max: 6 },
    nodes: { "node-2": 3 },
    stock: { total: 10, free: 8, held: 1, sold: 1 },
    ok: true,
  })
})

test("a report without requests has zeros, not NaN", () => {
  expect(makeReport(new AttackCounters(), 1, 0, item(10, 0, 0), true)).toMatchObject({
    rate: 0,
    latencyMs: { p50: 0, p90: 0, p99: 0, max: 0 },
  })
})

test("an order that is won twice counts once and is a fault", () => {
  const counters = countersOf([ok("A1"), ok("A1")])
  expect([counters.confirmed, counters.faults.length]).toEqual([1, 1])
})

describe("the stock after the attack", () => {
  test("is accepted if it adds up and covers what was won", () => {
    const wins = { ...won, confirmed: 2, held: 1, quantity: 2 }
    expect(stockFaults(sale([item(3, 2, 5)]), wins)).toEqual([])
    expect(stockFaults(sale([item(4, 2, 4)]), wins)).toEqual([])
    expect(stockFaults(sale([item(5, 1, 4)]), wins)).toHaveLength(1)
  })

  test.each([
    ["that does not add up", item(1, 0, 8), /does not add up/],
    ["with more sold than there was", item(-1, 0, 11), /More of shoe was sold/],
  ])("%s is a fault", (_, wrong, expected) => {
    expect(stockFaults(sale([item(10, 0, 0), wrong]), won)).toEqual([expect.stringMatching(expected)])
  })

  test("may include units that were held and expired during the attack", () => {
    const wins = { ...won, held: 3 }
    expect(stockFaults(sale([item(10, 0, 0)], 5), { ...wins, seconds: 4.9 })).toHaveLength(1)
    expect(stockFaults(sale([item(10, 0, 0)], 5), { ...wins, seconds: 5 })).toEqual([])
  })
})

test("the terminal shows the result as a table and one sentence", () => {
  const report = makeReport(countersOf([ok("A1"), fail("sold_out"), unknown]), 3, 1.5, item(0, 0, 10), true)
  const text = summary(report).join("\n")
  expect(text).toContain("refused   1 (sold_out 1)")
  expect(text).toContain("stock     10 = 0 free + 0 held + 10 sold")
  expect(verdict(report, [], screen)).toBe(
    "OK: the stock adds up; 10 of 10 units sold or held; 1 order won here, none given twice; 1 refused; 1 still unknown.",
  )
  expect(verdict({ ...report, confirmed: 0 }, [], screen)).toContain("; no order won here; ")
  expect(verdict({ ...report, ok: false }, ["It is wrong."], screen)).toBe("NOT OK.\nIt is wrong.")
})
