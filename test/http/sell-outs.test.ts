import { expect, test } from "bun:test"
import type { Fact } from "../../src/core/fact.ts"
import type { Sale } from "../../src/core/sale.ts"
import { SellOutTimes } from "../../src/http/purchase/sell-outs.ts"
import { eventually } from "../support/eventually.ts"

const item = (free: number, held: number) => ({ total: 2, free, held, sold: 2 - free - held })
const sale = (seq: number, at: number, ...items: object[]) => ({ id: "shoes", seq, at, items }) as unknown as Sale
const GONE = item(0, 0)

/** A journal whose n-th fact was made at `n * 100`. */
function journal(...kinds: Fact["kind"][]) {
  const asked: number[] = []
  const facts = async (_: string, after: number, limit: number) => {
    asked.push(after)
    return kinds.map((kind, at) => ({ kind, seq: at + 1, at: (at + 1) * 100 }) as Fact).slice(after, after + limit)
  }
  return { facts, asked }
}

test("a sell-out is as old as the news that brought it, whatever comes after", () => {
  const sellOuts = new SellOutTimes(journal())
  sellOuts.hear(sale(3, 300, GONE, item(1, 0)))
  sellOuts.hear(sale(4, 400, GONE, item(0, 1)))
  expect(sellOuts.at("shoes")).toBeUndefined()
  sellOuts.hear(sale(5, 500, GONE, GONE))
  sellOuts.hear(sale(6, 600, GONE, GONE))
  expect(sellOuts.at("shoes")).toBe(500)
  sellOuts.hear(sale(7, 700, GONE, item(1, 0)))
  expect(sellOuts.at("shoes")).toBeUndefined()
})

test("after a restart the journal says when, from its end backwards", async () => {
  const amendments = Array.from({ length: 250 }, () => "amended" as const)
  const told = journal("created", "stocked", "confirmed", "confirmed", ...amendments)
  const sellOuts = new SellOutTimes(told)
  sellOuts.hear(sale(254, 99_999, GONE))
  expect(await eventually("the journal is read", () => sellOuts.at("shoes"))).toBe(400)
  expect(told.asked).toEqual([154, 54, 0])
})

test("a journal that cannot be read is asked again with the next news; a sale without units never sold out", async () => {
  let broken = true
  const { facts } = journal("created", "confirmed")
  const sellOuts = new SellOutTimes({
    facts: (...page) => (broken ? Promise.reject(new Error("away")) : facts(...page)),
  })
  sellOuts.hear(sale(2, 200, GONE))
  await Promise.resolve()
  broken = false
  sellOuts.hear(sale(2, 200, GONE))
  expect(await eventually("the journal is read", () => sellOuts.at("shoes"))).toBe(200)
  sellOuts.hear({ ...sale(1, 100), id: "empty", items: [] })
  expect(sellOuts.at("empty")).toBeUndefined()
})
