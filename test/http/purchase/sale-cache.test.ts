import { expect, test } from "bun:test"
import type { Fact } from "../../../src/core/fact.ts"
import type { Notice } from "../../../src/core/ports/inventory.ts"
import type { Sale } from "../../../src/core/sale.ts"
import { SaleCache } from "../../../src/http/purchase/sale-cache.ts"
import { eventually } from "../../support/eventually.ts"

const item = (free: number, held: number) => ({ total: 2, free, held, sold: 2 - free - held })
const saleOf = (seq: number, at: number, ...items: object[]) => ({ id: "shoes", seq, at, items }) as unknown as Sale
const SOLD = item(0, 0)

/** A cache whose notices the test sends, over a journal of `kinds` in which fact n was made at `n * 100`. */
function cacheOver(...kinds: Fact["kind"][]) {
  const journal = kinds.map((kind, at) => ({ kind, seq: at + 1, at: (at + 1) * 100 }) as Fact)
  const reads: number[] = []
  const state = { isAway: false, reads, hear: (_: Notice) => {} }
  const cache = new SaleCache({
    async facts(_, after, limit) {
      reads.push(after)
      if (state.isAway) throw new Error("away")
      return journal.slice(after, after + limit)
    },
    watch(listener) {
      state.hear = listener
      return () => {}
    },
  })
  cache.start()
  return { cache, state, hear: (sale: Sale) => state.hear({ sale }) }
}

test("a sale sold out when the notice of its last sold unit says, and later notices do not change that time", () => {
  const { cache, hear } = cacheOver()
  hear(saleOf(3, 300, SOLD, item(1, 0)))
  hear(saleOf(4, 400, SOLD, item(0, 1)))
  expect(cache.soldOutAt("shoes")).toBeUndefined()
  hear(saleOf(5, 500, SOLD, SOLD))
  hear(saleOf(6, 600, SOLD, SOLD))
  expect(cache.soldOutAt("shoes")).toBe(500)
  hear(saleOf(7, 700, SOLD, item(1, 0)))
  expect(cache.soldOutAt("shoes")).toBeUndefined()
})

test("given a restart after the sell-out, its time is found by reading the journal backwards", async () => {
  const amendments = Array.from({ length: 250 }, () => "amended" as const)
  const { cache, state, hear } = cacheOver("created", "stocked", "confirmed", "confirmed", ...amendments)
  hear(saleOf(254, 99_999, SOLD))
  expect(await eventually("the journal is read", () => cache.soldOutAt("shoes"))).toBe(400)
  expect(state.reads).toEqual([154, 54, 0])
})

test("given a journal that cannot be read, the next notice makes the cache read it again", async () => {
  const { cache, state, hear } = cacheOver("created", "confirmed")
  state.isAway = true
  hear(saleOf(2, 200, SOLD))
  await Promise.resolve()
  state.isAway = false
  hear(saleOf(2, 200, SOLD))
  expect(await eventually("the journal is read", () => cache.soldOutAt("shoes"))).toBe(200)
})

test("a sale without units never sold out", () => {
  const { cache, state, hear } = cacheOver("created", "confirmed")
  hear({ ...saleOf(1, 100), id: "empty" })
  expect(cache.soldOutAt("empty")).toBeUndefined()
  expect(state.reads).toEqual([])
})
