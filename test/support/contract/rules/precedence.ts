import { expect } from "bun:test"
import type { Outcome } from "../../../../src/core/outcome.ts"
import { newItem, OPENS, type Purchase, type Shop } from "../../stores/shop.ts"
import type { Rules } from "./rule.ts"

/** Sales in every state. In each, `ann` has an order for one shirt under `k1`, which reaches her limit. */
async function everyState(shop: Shop): Promise<void> {
  const items = [newItem("shirt", 2), newItem("cap", 0), newItem("sock", 1)]
  const holdSeconds = 3600
  for (const id of ["open", "paused", "closed", "ended", "scheduled"]) {
    await shop.create({ id, items, holdSeconds, closesAt: OPENS + 1e9 })
    await shop.bought("ann", "k1", { sale: id, sku: "shirt" })
    await shop.bought("bob", "k1", { sale: id, sku: "sock" })
  }
  const amend = (saleId: string, terms: object) => ({ kind: "amend", saleId, terms }) as const
  await shop.batch(
    { kind: "pause", saleId: "paused" },
    { kind: "close", saleId: "closed" },
    amend("ended", { closesAt: OPENS + 1 }),
    amend("scheduled", { opensAt: OPENS + 1000 }),
  )
  shop.at(1)
}

/** In each row, the first word is the answer although the others apply as well. */
const TABLE: [sale: string, customer: string, key: string, purchase: Purchase, outcome: Outcome][] = [
  // A malformed request is invalid in every sale.
  ["none", "eve", "k2", { quantity: 0 }, "invalid_request"],
  ["closed", "ann", "k1", { quantity: 1.5 }, "invalid_request"],
  ["open", "eve", "k2", { sku: "cap", quantity: -1 }, "invalid_request"],
  // An unknown sale has no window, no limit and no keys.
  ["none", "ann", "k1", {}, "sale_unknown"],
  ["closed", "ann", "k1", { sku: "hat" }, "sale_unknown"],
  // key_reused comes before every state of the sale.
  ["scheduled", "ann", "k1", { sku: "cap" }, "key_reused"],
  ["paused", "ann", "k1", { sku: "cap" }, "key_reused"],
  ["closed", "ann", "k1", { quantity: 2 }, "key_reused"],
  ["ended", "ann", "k1", { quantity: 2 }, "key_reused"],
  ["open", "ann", "k1", { sku: "cap" }, "key_reused"],
  // A replay comes before every window.
  ["scheduled", "ann", "k1", {}, "held"],
  ["paused", "ann", "k1", {}, "held"],
  ["closed", "ann", "k1", {}, "held"],
  ["ended", "ann", "k1", {}, "held"],
  // The window comes before limit and stock.
  ["scheduled", "ann", "k2", { sku: "cap" }, "sale_not_open"],
  ["paused", "ann", "k2", { sku: "cap" }, "sale_paused"],
  ["closed", "ann", "k2", { sku: "cap" }, "sale_closed"],
  ["ended", "ann", "k2", { sku: "cap" }, "sale_closed"],
  // The limit comes before stock.
  ["open", "ann", "k2", { sku: "cap" }, "limit_reached"],
  ["open", "ann", "k2", { sku: "sock" }, "limit_reached"],
  ["open", "eve", "k2", { sku: "cap", quantity: 2 }, "limit_reached"],
  // all_held applies while a unit may become free again, sold_out otherwise.
  ["open", "eve", "k2", { sku: "sock" }, "all_held"],
  ["open", "eve", "k2", { sku: "cap" }, "sold_out"],
  ["open", "eve", "k2", {}, "held"],
]

export const precedence: Rules = {
  "when several outcomes apply, the earlier one is the answer": async shop => {
    await everyState(shop)
    const attempts = TABLE.map(([sale, customer, key, purchase]) =>
      shop.attempt(customer, key, { sale, sku: "shirt", ...purchase }),
    )
    const answers = await shop.batch(...attempts)
    const told = TABLE.map(([...row], at) => row.with(4, answers[at]!.outcome))
    expect(told).toEqual(TABLE)
  },

  "a sale has one state: closed before paused before scheduled": async shop => {
    shop.at(-100)
    for (const id of ["early", "over"]) await shop.create({ id, closesAt: OPENS + 100 })
    const outcome = async (sale: string) => (await shop.reserve("ann", "k1", { sale })).outcome
    expect(await outcome("early")).toBe("sale_not_open")
    await shop.decide({ kind: "pause", saleId: "early" })
    expect(await outcome("early")).toBe("sale_paused")
    await shop.decide({ kind: "close", saleId: "early" })
    expect(await outcome("early")).toBe("sale_closed")
    await shop.decide({ kind: "pause", saleId: "over" })
    shop.at(100)
    expect(await outcome("over")).toBe("sale_closed")
  },
}
