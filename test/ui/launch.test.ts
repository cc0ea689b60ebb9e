import { describe, expect, test } from "bun:test"
import { countdown, money, savingPercent } from "../../src/ui/common/format.ts"
import { backoffMs } from "../../src/ui/common/time.ts"
import { dotsOf, unitsPerDot } from "../../src/ui/launch/offer/stock-dots.ts"
import { axesOf, finishAxis, finishOf, withValue } from "../../src/ui/launch/product/variants.ts"
import { buyResult } from "../../src/ui/launch/purchase/buy-result.ts"
import { phaseOf } from "../../src/ui/launch/state/phase.ts"
import { frontPageOrder } from "../../src/wire/front-page.ts"
import type { Item, Order, Sale } from "../../src/wire/wire.ts"

const OPENS = "2026-09-01T12:00:00.000Z"
const noon = Date.parse(OPENS)
const price = { amount: 2_574_900_000, currency: "IDR" }

function itemOf(free: number, held: number, sold: number): Item {
  return { sku: "x", name: "X", price, total: free + held + sold, free, held, sold }
}

function saleOf(terms: Partial<Sale>): Sale {
  const shown = { id: "s", name: "S", description: "", now: OPENS, seq: 1, version: 1, items: [] }
  return { ...shown, state: "open", opensAt: OPENS, checkout: "instant", limitPerCustomer: 1, ...terms }
}

describe("the result of an attempt", () => {
  const response = { ms: 1, node: "node-1", replayed: false, retryAfterMs: 0 }
  const problem = (status: number, code: string) => ({
    ...response,
    status,
    problem: { type: "", title: "", status, detail: "", code, seq: 7 },
  })

  test.each([
    [0, "", "retry", "unknown"],
    [500, "", "retry", "unknown"],
    [502, "", "retry", "unknown"],
    [503, "outcome_unknown", "retry", "unknown"],
    [503, "overloaded", "retry", "busy"],
    [503, "reconciling", "retry", "gate"],
    [429, "rate_limited", "retry", "busy"],
    [401, "unauthorized", "unauthenticated", undefined],
    [409, "sold_out", "refused", undefined],
    [409, "limit_reached", "refused", undefined],
    [404, "sale_unknown", "refused", undefined],
    [422, "key_reused", "refused", undefined],
  ])("status %i %s is %s %s", (status, code, kind, reason) => {
    const result = buyResult(code ? problem(status, code) : { ...response, status }, noon)
    expect(result.kind).toBe(kind as typeof result.kind)
    expect(result.kind === "retry" ? result.reason : undefined).toBe(reason as undefined)
  })

  test.each([
    [1, "retry"],
    [5_000, "retry"],
    [5_001, "refused"],
  ])("an attempt %i ms before the opening is %s", (early, kind) => {
    const refusal = { ...problem(409, "sale_not_open").problem, opensAt: new Date(noon + early).toISOString() }
    const result = buyResult({ ...response, status: 409, problem: refusal }, noon)
    expect(result.kind).toBe(kind as typeof result.kind)
    if (result.kind === "retry") expect(result).toMatchObject({ reason: "opening", retryAfterMs: early })
  })

  test("a success without an order in its body is not a yes", () => {
    const order = { id: "A1-0000" } as Order
    expect(buyResult({ ...response, status: 201, body: order }, noon).kind).toBe("order")
    expect(buyResult({ ...response, status: 200, body: order }, noon).kind).toBe("order")
    expect(buyResult({ ...response, status: 200 }, noon).kind).toBe("retry")
  })
})

describe("the delay before the next try", () => {
  test("doubles up to a ceiling, and half of it is random", () => {
    expect(backoffMs(0, 0, 0)).toBe(150)
    expect(backoffMs(0, 0, 1)).toBe(300)
    expect(backoffMs(3, 0, 1)).toBe(2400)
    expect(backoffMs(50, 0, 1)).toBe(8000)
  })
  test("is never shorter than the server asked for", () => {
    for (const random of [0, 0.5, 1]) expect(backoffMs(0, 2000, random)).toBeGreaterThanOrEqual(2000)
  })
})

describe("the phase of a sale", () => {
  test.each([
    ["an open sale with free units is open", {}, itemOf(1, 0, 0), 0, "open"],
    ["a sale is scheduled until 10 s before it opens", { state: "scheduled" }, itemOf(1, 0, 0), -10_001, "scheduled"],
    ["a sale is opening 10 s before it opens", { state: "scheduled" }, itemOf(1, 0, 0), -10_000, "opening"],
    ["a sale is opening in the last millisecond", { state: "scheduled" }, itemOf(1, 0, 0), -1, "opening"],
    ["a scheduled sale is open once its time has come", { state: "scheduled" }, itemOf(1, 0, 0), 0, "open"],
    ["a sale is closed once its closing time has come", { closesAt: OPENS }, itemOf(1, 0, 0), 0, "closed"],
    ["a sale is all held if no unit is free and one is held", {}, itemOf(0, 1, 9), 0, "all_held"],
    ["a sale is sold out if no unit is free or held", {}, itemOf(0, 0, 9), 0, "sold_out"],
    ["a paused sale without free or held units is sold out", { state: "paused" }, itemOf(0, 0, 9), 0, "sold_out"],
    ["a paused sale with a free unit is paused", { state: "paused" }, itemOf(1, 0, 9), 0, "paused"],
    ["a sale without any units is sold out", {}, itemOf(0, 0, 0), 0, "sold_out"],
  ])("%s", (_, terms, item, late, phase) => {
    expect(phaseOf(saleOf(terms as Partial<Sale>), item, noon + late)).toBe(phase as "open")
  })

  test("the front page shows an open sale, else the one that opens next, else the last that closed", () => {
    const later = saleOf({ id: "later", state: "scheduled", opensAt: "2026-09-03T00:00:00Z" })
    const next = saleOf({ id: "next", state: "scheduled", opensAt: "2026-09-02T00:00:00Z" })
    const old = saleOf({ id: "old", state: "closed" })
    expect(frontPageOrder([later, old, next])[0]?.id).toBe("next")
    expect(frontPageOrder([later, old, saleOf({}), next])[0]?.id).toBe("s")
    expect(frontPageOrder([old])[0]?.id).toBe("old")
    expect(frontPageOrder([])).toEqual([])
  })
})

describe("a sale of several items", () => {
  const items = ["Cosmic Orange, 256 GB", "Cosmic Orange, 512 GB", "Biru Laut, 256 GB"].map((name, at) => ({
    ...itemOf(1, 0, 0),
    name,
    sku: String(at),
  }))
  const axes = axesOf(items)

  test("names with two parts give a choice of finish and a choice of size", () => {
    expect(axes).toEqual([
      ["Cosmic Orange", "Biru Laut"],
      ["256 GB", "512 GB"],
    ])
    expect(finishAxis(axes)).toBe(0)
    expect(finishOf("Biru Laut")).toBe("blue")
  })
  test("changing one choice keeps the other if there is such an item", () => {
    expect(withValue(items, items[1]!, axes, 0, "Biru Laut").sku).toBe("2")
    expect(withValue(items, items[2]!, axes, 0, "Cosmic Orange").sku).toBe("0")
    expect(withValue(items, items[0]!, axes, 1, "512 GB").sku).toBe("1")
  })
  test("names without common parts give one choice", () => {
    const named = (...names: string[]) => names.map(name => ({ ...itemOf(1, 0, 0), name }))
    expect(axesOf(named("Poster, signed", "Mug"))).toEqual([["Poster, signed", "Mug"]])
    expect(finishAxis(axesOf(named("Small", "Large")))).toBe(-1)
    expect(axesOf(named("Only one, 256 GB")).every(values => values.length === 1)).toBe(true)
  })
})

describe("the field of dots", () => {
  const counts = (item: Item) => {
    const dots = dotsOf(item)
    return ["free", "held", "sold"].map(state => dots.filter(dot => dot === state).length)
  }
  test("has one dot per unit for up to a hundred units", () => {
    expect(counts(itemOf(63, 5, 32))).toEqual([63, 5, 32])
    expect(counts(itemOf(0, 0, 7))).toEqual([0, 0, 7])
    expect(unitsPerDot(100)).toBe(1)
  })
  test("has one dot for several units beyond that, and the last unit still has its dot", () => {
    expect(unitsPerDot(50_000)).toBe(500)
    expect(counts(itemOf(1, 0, 49_999))).toEqual([1, 0, 99])
    expect(counts(itemOf(49_999, 1, 0))).toEqual([100, 0, 0])
  })
  test("changes one dot when a unit is sold, and no other", () => {
    const [before, after] = [dotsOf(itemOf(60, 0, 40)), dotsOf(itemOf(59, 0, 41))]
    expect(before.filter((dot, index) => dot !== after[index])).toEqual(["free"])
  })
})

describe("the format of numbers", () => {
  test("rupiah are written as in Indonesia, in both languages", () => {
    expect(money(price, "en")).toBe("Rp\u00a025.749.000")
    expect(money(price, "id")).toBe("Rp\u00a025.749.000")
    expect(money({ amount: 150, currency: "IDR" }, "id")).toBe("Rp\u00a01,50")
    expect(money({ amount: 1999, currency: "USD" }, "en")).toBe("$19.99")
    expect(money({ amount: 1999, currency: "JPY" }, "en")).toBe("¥1,999")
    expect(money({ amount: 1999, currency: "KWD" }, "en")).toBe("KWD\u00a01.999")
  })
  test("a countdown shows zero only when no time is left", () => {
    expect(countdown(252_000)).toBe("00:04:12")
    expect(countdown(1)).toBe("00:00:01")
    expect(countdown(0)).toBe("00:00:00")
    expect(countdown(90_061_000)).toBe("1d 01:01:01")
  })
  test("the saving is a whole percentage, and 0 without a higher list price", () => {
    expect(savingPercent(price, { amount: 3_299_900_000, currency: "IDR" })).toBe(22)
    expect(savingPercent(price, undefined)).toBe(0)
    expect(savingPercent(price, price)).toBe(0)
  })
})
