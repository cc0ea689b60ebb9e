import { describe, expect, test } from "bun:test"
import { countdown, money, savingPercent } from "../../src/ui/common/format.ts"
import { backoffMs } from "../../src/ui/common/timers.ts"
import { dotsOf, unitsPerDot } from "../../src/ui/launch/offer/stock-dots.ts"
import { axesOf, finishAxis, finishOf, withValue } from "../../src/ui/launch/product/variants.ts"
import { attemptResult } from "../../src/ui/launch/purchase/attempt-result.ts"
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
  const shown = { id: "s", name: "S", description: "", now: OPENS, seq: 1, items: [] }
  return { ...shown, state: "open", opensAt: OPENS, checkout: "instant", limitPerCustomer: 1, ...terms }
}

describe("what an answer means", () => {
  const answer = { ms: 1, node: "node-1", replayed: false, retryAfterMs: 0 }
  const problem = (status: number, code: string) => ({
    ...answer,
    status,
    problem: { type: "", title: "", status, detail: "", code, seq: 7 },
  })

  test.each([
    [0, "", "again", "unknown"],
    [500, "", "again", "unknown"],
    [502, "", "again", "unknown"],
    [503, "outcome_unknown", "again", "unknown"],
    [503, "overloaded", "again", "busy"],
    [503, "reconciling", "again", "gate"],
    [429, "rate_limited", "again", "busy"],
    [401, "unauthorized", "stranger", undefined],
    [409, "sold_out", "refused", undefined],
    [409, "limit_reached", "refused", undefined],
    [404, "sale_unknown", "refused", undefined],
    [422, "key_reused", "refused", undefined],
  ])("%i %s -> %s %s", (status, code, kind, why) => {
    const verdict = attemptResult(code ? problem(status, code) : { ...answer, status }, noon)
    expect(verdict.kind).toBe(kind as typeof verdict.kind)
    expect(verdict.kind === "again" ? verdict.why : undefined).toBe(why as undefined)
  })

  test.each([
    [1, "again"],
    [5_000, "again"],
    [5_001, "refused"],
  ])("%i ms too early -> %s", (early, kind) => {
    const told = { ...problem(409, "sale_not_open").problem, opensAt: new Date(noon + early).toISOString() }
    const verdict = attemptResult({ ...answer, status: 409, problem: told }, noon)
    expect(verdict.kind).toBe(kind as typeof verdict.kind)
    if (verdict.kind === "again") expect(verdict).toMatchObject({ why: "opening", retryAfterMs: early })
  })

  test("only an order is a yes", () => {
    const order = { id: "A1-0000" } as Order
    expect(attemptResult({ ...answer, status: 201, body: order }, noon).kind).toBe("order")
    expect(attemptResult({ ...answer, status: 200, body: order }, noon).kind).toBe("order")
    expect(attemptResult({ ...answer, status: 200 }, noon).kind).toBe("again")
  })
})

describe("backoffMs", () => {
  test("doubles up to a ceiling, and half of it is chance", () => {
    expect(backoffMs(0, 0, 0)).toBe(150)
    expect(backoffMs(0, 0, 1)).toBe(300)
    expect(backoffMs(3, 0, 1)).toBe(2400)
    expect(backoffMs(50, 0, 1)).toBe(8000)
  })
  test("never comes back before the server asked for", () => {
    for (const random of [0, 0.5, 1]) expect(backoffMs(0, 2000, random)).toBeGreaterThanOrEqual(2000)
  })
})

describe("phase", () => {
  test.each([
    ["open", {}, itemOf(1, 0, 0), 0, "open"],
    ["before it opens", { state: "scheduled" }, itemOf(1, 0, 0), -10_001, "scheduled"],
    ["in the last ten seconds", { state: "scheduled" }, itemOf(1, 0, 0), -10_000, "opening"],
    ["in the last moment", { state: "scheduled" }, itemOf(1, 0, 0), -1, "opening"],
    ["opened since the last event", { state: "scheduled" }, itemOf(1, 0, 0), 0, "open"],
    ["closed since the last event", { closesAt: OPENS }, itemOf(1, 0, 0), 0, "closed"],
    ["all held", {}, itemOf(0, 1, 9), 0, "all_held"],
    ["sold out", {}, itemOf(0, 0, 9), 0, "sold_out"],
    ["sold out, then paused", { state: "paused" }, itemOf(0, 0, 9), 0, "sold_out"],
    ["paused", { state: "paused" }, itemOf(1, 0, 9), 0, "paused"],
    ["never any", {}, itemOf(0, 0, 0), 0, "sold_out"],
  ])("%s", (_, terms, item, late, phase) => {
    expect(phaseOf(saleOf(terms as Partial<Sale>), item, noon + late)).toBe(phase as "open")
  })

  test("the front page shows what is open, then what opens next", () => {
    const later = saleOf({ id: "later", state: "scheduled", opensAt: "2026-09-03T00:00:00Z" })
    const next = saleOf({ id: "next", state: "scheduled", opensAt: "2026-09-02T00:00:00Z" })
    const old = saleOf({ id: "old", state: "closed" })
    expect(frontPageOrder([later, old, next])[0]?.id).toBe("next")
    expect(frontPageOrder([later, old, saleOf({}), next])[0]?.id).toBe("s")
    expect(frontPageOrder([old])[0]?.id).toBe("old")
    expect(frontPageOrder([])).toEqual([])
  })
})

describe("several items", () => {
  const items = ["Cosmic Orange, 256 GB", "Cosmic Orange, 512 GB", "Biru Laut, 256 GB"].map((name, at) => ({
    ...itemOf(1, 0, 0),
    name,
    sku: String(at),
  }))
  const axes = axesOf(items)

  test("their names spell out a finish and a size", () => {
    expect(axes).toEqual([
      ["Cosmic Orange", "Biru Laut"],
      ["256 GB", "512 GB"],
    ])
    expect(finishAxis(axes)).toBe(0)
    expect(finishOf("Biru Laut")).toBe("blue")
  })
  test("one choice keeps the other, where there is such an item", () => {
    expect(withValue(items, items[1]!, axes, 0, "Biru Laut").sku).toBe("2")
    expect(withValue(items, items[2]!, axes, 0, "Cosmic Orange").sku).toBe("0")
    expect(withValue(items, items[0]!, axes, 1, "512 GB").sku).toBe("1")
  })
  test("names that are not alike are one choice", () => {
    const named = (...names: string[]) => names.map(name => ({ ...itemOf(1, 0, 0), name }))
    expect(axesOf(named("Poster, signed", "Mug"))).toEqual([["Poster, signed", "Mug"]])
    expect(finishAxis(axesOf(named("Small", "Large")))).toBe(-1)
    expect(axesOf(named("Only one, 256 GB")).every(values => values.length === 1)).toBe(true)
  })
})

describe("lights", () => {
  const tally = (item: Item) => {
    const lights = dotsOf(item)
    return ["free", "held", "sold"].map(state => lights.filter(light => light === state).length)
  }
  test("one a unit, up to a hundred", () => {
    expect(tally(itemOf(63, 5, 32))).toEqual([63, 5, 32])
    expect(tally(itemOf(0, 0, 7))).toEqual([0, 0, 7])
    expect(unitsPerDot(100)).toBe(1)
  })
  test("one for several beyond that, and the last unit still has its light", () => {
    expect(unitsPerDot(50_000)).toBe(500)
    expect(tally(itemOf(1, 0, 49_999))).toEqual([1, 0, 99])
    expect(tally(itemOf(49_999, 1, 0))).toEqual([100, 0, 0])
  })
  test("a sold unit puts out one light and moves no other", () => {
    const [before, after] = [dotsOf(itemOf(60, 0, 40)), dotsOf(itemOf(59, 0, 41))]
    expect(before.filter((light, place) => light !== after[place])).toEqual(["free"])
  })
})

describe("numbers", () => {
  test("rupiah are written as Indonesia writes them", () => {
    expect(money(price, "en")).toBe("Rp\u00a025.749.000")
    expect(money(price, "id")).toBe("Rp\u00a025.749.000")
    expect(money({ amount: 150, currency: "IDR" }, "id")).toBe("Rp\u00a01,50")
    expect(money({ amount: 1999, currency: "USD" }, "en")).toBe("$19.99")
    expect(money({ amount: 1999, currency: "JPY" }, "en")).toBe("¥1,999")
    expect(money({ amount: 1999, currency: "KWD" }, "en")).toBe("KWD\u00a01.999")
  })
  test("a countdown reaches zero only when it is over", () => {
    expect(countdown(252_000)).toBe("00:04:12")
    expect(countdown(1)).toBe("00:00:01")
    expect(countdown(0)).toBe("00:00:00")
    expect(countdown(90_061_000)).toBe("1d 01:01:01")
  })
  test("saving", () => {
    expect(savingPercent(price, { amount: 3_299_900_000, currency: "IDR" })).toBe(22)
    expect(savingPercent(price, undefined)).toBe(0)
    expect(savingPercent(price, price)).toBe(0)
  })
})
