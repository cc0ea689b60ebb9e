import { expect } from "bun:test"
import { parseOrderId } from "../../../../src/core/order.ts"
import type { Shop } from "../../stores/shop.ts"
import type { Rules } from "./rule.ts"

/** Reads pages of `limit` until one is not full. Each begins after `next` of the last row. */
async function paged<Row>(
  read: (after: number, limit: number) => Promise<Row[]>,
  next: (row: Row) => number,
  limit: number,
): Promise<Row[]> {
  const rows: Row[] = []
  for (let after = 0; ; ) {
    const page = await read(after, limit)
    expect(page.length).toBeLessThanOrEqual(limit)
    rows.push(...page)
    if (page.length < limit) return rows
    after = next(page.at(-1)!)
  }
}

async function crowd(shop: Shop): Promise<string[]> {
  await shop.create({ total: 20, holdSeconds: 60 })
  const attempts = Array.from({ length: 11 }, (_, at) => shop.attempt(`cust-${at}`, "k"))
  const ids = (await shop.batch(...attempts)).map(({ order }) => order!.id)
  await shop.confirm(ids[7]!)
  await shop.cancel(ids[2]!)
  return ids
}

export const pages: Rules = {
  "pages of facts add up to the whole journal": async shop => {
    await crowd(shop)
    const all = await shop.facts()
    expect(all).toHaveLength(15)
    for (const limit of [1, 4, 5, 15, 16]) {
      const read = (after: number, limit: number) => shop.inventory.facts("drop", after, limit)
      expect(await paged(read, ({ seq }) => seq, limit)).toEqual(all)
    }
  },

  "pages of orders add up to all orders, in order of creation": async shop => {
    const ids = await crowd(shop)
    for (const limit of [1, 4, 11, 12]) {
      const read = (after: number, limit: number) => shop.inventory.orders("drop", after, limit)
      const orders = await paged(read, ({ id }) => parseOrderId(id)!.seq, limit)
      expect(orders.map(({ id }) => id)).toEqual(ids)
    }
    const orders = await shop.orders()
    expect([orders[7]!.state, orders[2]!.state, orders[3]!.state]).toEqual(["confirmed", "released", "held"])
    for (const order of orders) expect(await shop.inventory.order(order.id)).toEqual(order)
  },

  "a page after the end is empty, and so is a page of an unknown sale": async shop => {
    await crowd(shop)
    expect(await shop.inventory.facts("drop", 15, 10)).toEqual([])
    expect(await shop.inventory.orders("drop", 13, 10)).toEqual([])
    expect(await shop.inventory.facts("other", 0, 10)).toEqual([])
    expect(await shop.inventory.orders("other", 0, 10)).toEqual([])
  },

  "sales are listed in order of creation": async shop => {
    for (const id of ["zebra", "apple", "mango"]) await shop.create({ id })
    await shop.bought("ann", "k1", { sale: "apple" })
    const sales = await shop.inventory.sales()
    expect(sales.map(({ id, number }) => [id, number])).toEqual([
      ["zebra", 1],
      ["apple", 2],
      ["mango", 3],
    ])
  },

  "an object that was read does not change afterwards": async shop => {
    await shop.create()
    const [before] = await shop.inventory.sales()
    const { sale: answered } = await shop.decide({ kind: "pause", saleId: "drop" })
    await shop.decide({ kind: "resume", saleId: "drop" })
    await shop.bought("ann", "k1")
    expect(before).toMatchObject({ seq: 2, items: [{ free: 10 }] })
    expect(answered).toMatchObject({ seq: 3, standing: "paused", items: [{ free: 10 }] })
    before!.items[0]!.free = 1000
    expect(await shop.stock()).toBe("free 9 held 0 sold 1")
  },
}
