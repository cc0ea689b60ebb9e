import { expect } from "bun:test"
import { COOLING_DOWN, TOO_MANY_RELEASES } from "../../../../src/core/rules.ts"
import { MAX_RELEASES } from "../../../../src/core/sale.ts"
import { newItem, OPENS, type Shop } from "../../stores/shop.ts"
import type { Rules } from "./rule.ts"

/** Holds a unit under each key and cancels it. */
async function churn(shop: Shop, customerId: string, times: number, from = 0): Promise<void> {
  for (let at = from; at < from + times; at++) await shop.cancel((await shop.bought(customerId, `churn-${at}`)).id)
}

const amend = (shop: Shop, terms: object) => shop.decide({ kind: "amend", saleId: "drop", terms })
const TOO_MANY = { outcome: "limit_reached", detail: TOO_MANY_RELEASES } as const

/** What a customer's released orders count for: they are never forgotten, and bound what the customer can still ask for. */
export const releases: Rules = {
  "after 20 releases a customer gets no further order, and other customers do": async shop => {
    await shop.create({ holdSeconds: 60 })
    await churn(shop, "ann", MAX_RELEASES)
    const { seq } = await shop.sale()
    expect(await shop.reserve("ann", "more")).toEqual({ ...TOO_MANY, seq })
    expect(await shop.reserve("bob", "k1")).toMatchObject({ outcome: "held" })
  },

  "a hold that expires is a release like one that its customer or an administrator cancels": async shop => {
    await shop.create({ holdSeconds: 60, maxReleases: 3 })
    await shop.cancel((await shop.bought("ann", "k1")).id, "ann")
    await shop.cancel((await shop.bought("ann", "k2")).id)
    const order = await shop.bought("ann", "k3")
    shop.at(60_000)
    expect(await shop.confirm(order.id)).toMatchObject({ outcome: "order_released" })
    expect(await shop.reserve("ann", "k4")).toMatchObject(TOO_MANY)
  },

  "the keys of released orders are never forgotten, also after the last one that was allowed": async shop => {
    await shop.create({ holdSeconds: 60, maxReleases: 4 })
    await churn(shop, "ann", 4)
    for (const key of ["churn-0", "churn-3"]) {
      expect(await shop.reserve("ann", key)).toMatchObject({ outcome: "released", replayed: true, order: { key } })
    }
    expect(await shop.reserve("ann", "churn-1", { quantity: 2 })).toMatchObject({ outcome: "key_reused" })
  },

  "a key that ends like another one names an order of its own": async shop => {
    await shop.create({ holdSeconds: 60, limitPerCustomer: 9 })
    const keys = ["k", "kk", "c", "h", "7", "17"]
    const orders = new Map<string, string>()
    for (const key of keys) orders.set(key, (await shop.reserve("ann", key)).order!.id)
    for (const key of keys) {
      expect(await shop.reserve("ann", key)).toMatchObject({ replayed: true, order: { id: orders.get(key)!, key } })
    }
  },

  "the units of standing orders are the first reason for limit_reached, and releases the second": async shop => {
    await shop.create({ holdSeconds: 60, limitPerCustomer: 2, maxReleases: 2 })
    await churn(shop, "ann", 1)
    const [kept, other] = [await shop.bought("ann", "k1"), await shop.bought("ann", "k2")]
    expect(await shop.reserve("ann", "k3")).toMatchObject({ outcome: "limit_reached", order: { id: kept.id } })
    await shop.cancel(other.id)
    const answer = await shop.reserve("ann", "k3")
    expect(answer).toMatchObject(TOO_MANY)
    expect(answer.order).toBeUndefined()
    expect(await shop.confirm(kept.id, "ann")).toMatchObject({ outcome: "confirmed" })
  },

  "releases count for each sale alone, and a raised maxReleases allows more orders": async shop => {
    await shop.create({ holdSeconds: 60, maxReleases: 1 })
    await shop.create({ id: "other", holdSeconds: 60, maxReleases: 1 })
    await churn(shop, "ann", 1)
    expect(await shop.reserve("ann", "k1", { sale: "other" })).toMatchObject({ outcome: "held" })
    await amend(shop, { maxReleases: 2 })
    await churn(shop, "ann", 1, 1)
    expect(await shop.reserve("ann", "k2")).toMatchObject(TOO_MANY)
    await amend(shop, { maxReleases: null })
    expect(await shop.reserve("ann", "k2")).toMatchObject({ outcome: "held" })
  },

  "releases take precedence over stock, and windows over releases": async shop => {
    const items = [newItem("shoe", 1), newItem("cap", 0)]
    await shop.create({ items, holdSeconds: 60, maxReleases: 1, cooldownSeconds: 10 })
    await churn(shop, "ann", 1)
    expect(await shop.reserve("ann", "k1", { sku: "cap" })).toMatchObject(TOO_MANY)
    await shop.decide({ kind: "pause", saleId: "drop" })
    expect(await shop.reserve("ann", "k1")).toMatchObject({ outcome: "sale_paused" })
    expect(await shop.reserve("ann", "churn-0")).toMatchObject({ outcome: "released", replayed: true })
  },

  "during a cool-down the answer is rate_limited until the time that it names, after replay, limit and stock":
    async shop => {
      const items = [newItem("shoe", 2), newItem("cap", 0)]
      await shop.create({ items, holdSeconds: 60, cooldownSeconds: 10 })
      const order = await shop.bought("ann", "k1")
      shop.at(1000)
      await shop.cancel(order.id)
      const retryAt = OPENS + 11_000
      shop.at(10_999)
      const { seq } = await shop.sale()
      expect(await shop.reserve("ann", "k2")).toEqual({ outcome: "rate_limited", seq, retryAt, detail: COOLING_DOWN })
      expect(await shop.reserve("ann", "k1")).toMatchObject({ outcome: "released", replayed: true })
      expect(await shop.reserve("ann", "k2", { sku: "cap" })).toMatchObject({ outcome: "sold_out" })
      expect(await shop.reserve("ann", "k2", { quantity: 2 })).toMatchObject({ outcome: "limit_reached" })
      expect(await shop.reserve("bob", "k1")).toMatchObject({ outcome: "held" })
      shop.at(11_000)
      expect(await shop.reserve("ann", "k2")).toMatchObject({ outcome: "held" })
    },

  "a cool-down begins again with each release, within one call too": async shop => {
    await shop.create({ holdSeconds: 5, cooldownSeconds: 10, limitPerCustomer: 2 })
    const [one, other] = [await shop.bought("ann", "k1"), await shop.bought("ann", "k2")]
    await shop.cancel(one.id)
    shop.at(4000)
    const attempt = shop.attempt("ann", "k3")
    const answers = await shop.batch({ kind: "release", orderId: other.id, reason: "payment_failed" }, attempt)
    expect(answers[1]).toMatchObject({ outcome: "rate_limited", retryAt: OPENS + 14_000 })
  },

  "a cool-down that is set later counts from the last release, and one that is taken away is over": async shop => {
    await shop.create({ holdSeconds: 60 })
    await churn(shop, "ann", 1)
    await amend(shop, { cooldownSeconds: 10 })
    shop.at(5000)
    expect(await shop.reserve("ann", "k1")).toMatchObject({ outcome: "rate_limited", retryAt: OPENS + 10_000 })
    await amend(shop, { cooldownSeconds: null })
    expect(await shop.reserve("ann", "k1")).toMatchObject({ outcome: "held" })
  },

  "limits of less than one release, or of part of a second, are refused": async shop => {
    await shop.create({ holdSeconds: 60 })
    for (const terms of [{ maxReleases: 0 }, { maxReleases: 1.5 }, { cooldownSeconds: -1 }, { cooldownSeconds: 0.5 }]) {
      expect(await amend(shop, terms)).toMatchObject({ outcome: "invalid_request" })
    }
  },
}
