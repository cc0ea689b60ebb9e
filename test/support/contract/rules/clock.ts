import { expect } from "bun:test"
import { OPENS } from "../../stores/shop.ts"
import type { Rules } from "./rule.ts"

export const clock: Rules = {
  "the journal's times do not go back when the clock does": async shop => {
    await shop.create({ holdSeconds: 60 })
    shop.at(1000)
    await shop.bought("ann", "k1")
    shop.at(-5000)
    const bob = await shop.bought("bob", "k2")
    expect(bob).toMatchObject({ createdAt: OPENS + 1000, payBefore: OPENS + 61_000 })
    expect((await shop.facts()).map(({ at }) => at - OPENS)).toEqual([0, 0, 1000, 1000])
  },

  "a closed sale stays closed when the clock goes back": async shop => {
    await shop.create({ closesAt: OPENS + 1000 })
    shop.at(1000)
    expect(await shop.reserve("ann", "k1")).toMatchObject({ outcome: "sale_closed" })
    shop.at(999)
    expect(await shop.reserve("ann", "k1")).toMatchObject({ outcome: "sale_closed" })
    shop.at(-1)
    expect(await shop.reserve("ann", "k1")).toMatchObject({ outcome: "sale_closed" })
  },

  "a late attempt stays late when the clock goes back": async shop => {
    await shop.create()
    const late = shop.attempt("ann", "k1", { notAfter: OPENS + 10 })
    shop.at(11)
    expect(await shop.decide(late)).toMatchObject({ outcome: "overloaded" })
    shop.at(0)
    expect(await shop.decide(late)).toMatchObject({ outcome: "overloaded" })
  },

  "all sales share one clock": async shop => {
    await shop.create()
    await shop.create({ id: "other", opensAt: OPENS + 500 })
    shop.at(1000)
    await shop.bought("ann", "k1")
    shop.at(0)
    expect(await shop.reserve("ann", "k1", { sale: "other" })).toMatchObject({ outcome: "confirmed" })
  },
}
