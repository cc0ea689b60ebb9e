import { expect } from "bun:test"
import { OPENS, type Shop } from "../../stores/shop.ts"
import type { Rules } from "./rule.ts"

const HOUR = 3_600_000

/** Calls the store twice a second, as its buyers and the expiry of holds do. */
async function run(shop: Shop, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 500) {
    shop.pass(500)
    await shop.batch()
    await shop.inventory.sales()
  }
}

/** The clock is set, and the store has believed it. */
async function setClock(shop: Shop, ms: number): Promise<void> {
  shop.step(ms)
  await run(shop, 6000)
}

async function outcomeOf(shop: Shop, customer: string): Promise<string> {
  return (await shop.reserve(customer, "k", { notAfter: Number.MAX_SAFE_INTEGER })).outcome
}

export const clock: Rules = {
  "the journal's times do not go back when the clock does by less than two seconds": async shop => {
    await shop.create({ holdSeconds: 60 })
    shop.at(1000)
    await shop.bought("ann", "k1")
    shop.at(-900)
    const bob = await shop.bought("bob", "k2")
    expect(bob).toMatchObject({ createdAt: OPENS + 1000, payBefore: OPENS + 61_000 })
    expect((await shop.facts()).map(({ at }) => at - OPENS)).toEqual([0, 0, 1000, 1000])
  },

  "a closed sale stays closed when the clock goes back a little": async shop => {
    await shop.create({ closesAt: OPENS + 1000 })
    shop.at(1000)
    expect(await shop.reserve("ann", "k1")).toMatchObject({ outcome: "sale_closed" })
    shop.at(999)
    expect(await shop.reserve("ann", "k1")).toMatchObject({ outcome: "sale_closed" })
    shop.at(-1)
    expect(await shop.reserve("ann", "k1")).toMatchObject({ outcome: "sale_closed" })
  },

  "a late attempt stays late when the clock goes back": async shop => {
    await shop.create({ opensAt: OPENS - 2 * HOUR })
    const late = shop.attempt("ann", "k1", { notAfter: OPENS + 10 })
    shop.at(11)
    expect(await shop.decide(late)).toMatchObject({ outcome: "overloaded" })
    shop.at(0)
    expect(await shop.decide(late)).toMatchObject({ outcome: "overloaded" })
    await setClock(shop, -HOUR)
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

  "a clock that jumps makes every command reconciling until it has been steady for five seconds": async shop => {
    for (const jump of [HOUR, -HOUR]) {
      const id = jump > 0 ? "ahead" : "back"
      await shop.create({ id, total: 5, opensAt: OPENS - 2 * HOUR })
      await run(shop, 6000)
      shop.step(jump)
      const before = await shop.facts(id)
      expect(await shop.reserve("ann", "k", { sale: id })).toMatchObject({ outcome: "reconciling" })
      expect(await shop.decide({ kind: "pause", saleId: id })).toMatchObject({ outcome: "reconciling" })
      expect(await shop.inventory.clock()).toMatchObject({ isInDoubt: true })
      expect(Math.abs((await shop.inventory.clock()).jumpMs - jump)).toBeLessThan(HOUR / 60)
      await run(shop, 4000)
      expect(await shop.reserve("ann", "k", { sale: id })).toMatchObject({ outcome: "reconciling" })
      expect(await shop.facts(id)).toEqual(before)
      await run(shop, 2000)
      expect(await shop.reserve("ann", "k", { sale: id })).toMatchObject({ outcome: "confirmed" })
      expect(await shop.inventory.clock()).toMatchObject({ isInDoubt: false })
    }
  },

  "a step of the clock by less than two seconds changes no answer": async shop => {
    await shop.create({ total: 9 })
    await run(shop, 6000)
    for (const [at, step] of [1900, -1900, -1500, 1500].entries()) {
      shop.step(step)
      const notAfter = shop.elapsed + 2000
      expect(await shop.reserve(`c${at}`, "k", { notAfter })).toMatchObject({ outcome: "confirmed" })
      await run(shop, 3000)
    }
    expect(await shop.inventory.clock()).toMatchObject({ jumps: 0, isInDoubt: false })
  },

  "a clock that stands still is in doubt until it runs again": async shop => {
    await shop.create({ total: 9 })
    await run(shop, 6000)
    for (let second = 0; second < 12; second++) {
      await run(shop, 1000)
      shop.step(-1000)
    }
    expect(await outcomeOf(shop, "ann")).toBe("reconciling")
    await run(shop, 6000)
    expect(await outcomeOf(shop, "ann")).toBe("confirmed")
  },

  "a sale sells within seconds after a clock that was an hour ahead is right again, and says so in its facts":
    async shop => {
      await shop.create({ total: 9, closesAt: OPENS + 8 * HOUR })
      await run(shop, 6000)
      await setClock(shop, HOUR)
      await shop.bought("ann", "k")
      await setClock(shop, -HOUR)
      const { createdAt } = await shop.bought("bob", "k")
      expect(createdAt).toBeLessThanOrEqual(shop.now)
      expect(createdAt).toBeGreaterThan(shop.now - 1000)
      expect(await outcomeOf(shop, "ann")).toBe("confirmed")
    },

  "windows follow a clock that was put right": async shop => {
    await shop.create({ total: 9, opensAt: OPENS + HOUR / 2 })
    await run(shop, 6000)
    await setClock(shop, HOUR)
    expect(await outcomeOf(shop, "ann")).toBe("confirmed")
    await setClock(shop, -HOUR)
    expect(await outcomeOf(shop, "bob")).toBe("sale_not_open")
    shop.at(HOUR / 2)
    expect(await outcomeOf(shop, "bob")).toBe("confirmed")
  },

  "a hold that was made while the clock was an hour ahead lasts its length after that, and no hour": async shop => {
    await shop.create({ total: 2, holdSeconds: 120, opensAt: OPENS - HOUR })
    await run(shop, 6000)
    await setClock(shop, HOUR)
    const order = await shop.bought("ann", "k")
    await setClock(shop, -HOUR)
    await shop.bought("bob", "k")
    await run(shop, 110_000)
    expect(await shop.stock()).toBe("free 0 held 2 sold 0")
    await run(shop, 20_000)
    expect(await shop.stock()).toBe("free 2 held 0 sold 0")
    expect(await shop.inventory.order(order.id)).toMatchObject({ state: "released", releaseReason: "expired" })
  },

  "a hold that was made while the clock was ahead can be paid for after it is right again": async shop => {
    await shop.create({ total: 2, holdSeconds: 120, opensAt: OPENS - HOUR })
    await run(shop, 6000)
    await setClock(shop, HOUR)
    const order = await shop.bought("ann", "k")
    await setClock(shop, -HOUR)
    expect(await shop.confirm(order.id)).toMatchObject({ outcome: "confirmed" })
  },

  "a hold from before the clock was ahead ends when the clock says so": async shop => {
    await shop.create({ total: 1, holdSeconds: 600, opensAt: OPENS - HOUR })
    await run(shop, 6000)
    const order = await shop.bought("ann", "k")
    await setClock(shop, 60_000)
    await setClock(shop, -60_000)
    shop.at(order.payBefore! - OPENS - 5000)
    await shop.batch()
    expect(await shop.stock()).toBe("free 0 held 1 sold 0")
    await run(shop, 6000)
    expect(await shop.stock()).toBe("free 1 held 0 sold 0")
  },
}
