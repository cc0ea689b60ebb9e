import { expect } from "bun:test"
import { createHash } from "node:crypto"
import { chainText, GENESIS } from "../../../../src/core/fact.ts"
import { newItem, OPENS, type Shop } from "../../stores/shop.ts"
import type { Rules } from "./rule.ts"

/** Runs commands of every kind. */
async function eventful(shop: Shop): Promise<void> {
  await shop.create({ items: [newItem("shirt", 3), newItem("cap", 1)], holdSeconds: 60, limitPerCustomer: 2 })
  const ann = await shop.bought("ann", "k1", { sku: "shirt", quantity: 2 })
  const bob = await shop.bought("bob", "k2", { sku: "cap" })
  await shop.reserve("eve", "k3", { sku: "cap" })
  shop.at(10)
  await shop.confirm(ann.id)
  await shop.cancel(bob.id)
  await shop.bought("eve", "k3", { sku: "cap" })
  await shop.decide({ kind: "pause", saleId: "drop" })
  await shop.decide({ kind: "resume", saleId: "drop" })
  await shop.decide({ kind: "restock", saleId: "drop", sku: "cap", units: 4 })
  await shop.decide({ kind: "amend", saleId: "drop", terms: { name: "Drop | 2" } })
  shop.at(70_000)
  await shop.decide({ kind: "close", saleId: "drop" })
}

export const journal: Rules = {
  "every transition writes a fact with the stock after it": async shop => {
    await eventful(shop)
    const facts = await shop.facts()
    const told = facts.map(({ kind, sku, customerId, quantity, reason, free, held, sold }) =>
      [kind, sku, customerId, quantity, reason, free, held, sold].filter(part => part !== undefined).join(" "),
    )
    expect(told).toEqual([
      "created",
      "stocked shirt 3 3 0 0",
      "stocked cap 1 1 0 0",
      "held shirt ann 2 1 2 0",
      "held cap bob 1 0 1 0",
      "confirmed shirt ann 2 1 0 2",
      "released cap bob 1 cancelled 1 0 0",
      "held cap eve 1 0 1 0",
      "paused",
      "resumed",
      "stocked cap 4 4 1 0",
      "amended",
      "released cap eve 1 expired 5 0 0",
      "closed",
    ])
  },

  "facts are numbered without a gap, and their times never go back": async shop => {
    await eventful(shop)
    const facts = await shop.facts()
    expect(facts.map(({ seq }) => seq)).toEqual(facts.map((_, at) => at + 1))
    expect(facts.map(({ at }) => at - OPENS)).toEqual([0, 0, 0, 0, 0, 10, 10, 10, 10, 10, 10, 10, 70_000, 70_000])
  },

  "every fact's hash covers the previous one, and the sale has the last hash": async shop => {
    await eventful(shop)
    let previous = GENESIS
    for (const { hash, ...fact } of await shop.facts()) {
      expect(hash).toBe(createHash("sha1").update(chainText(previous, fact)).digest("hex"))
      previous = hash
    }
    const { seq, at, hash } = await shop.sale()
    expect({ seq, at, hash }).toEqual({ seq: 14, at: shop.now, hash: previous })
  },

  "the facts of an order describe it completely": async shop => {
    await shop.create({ holdSeconds: 60 })
    const { id, unitPrice, payBefore } = await shop.bought("ann", "k1")
    await shop.confirm(id)
    const order = { saleId: "drop", sku: "shoe", orderId: id, customerId: "ann", key: "k1", quantity: 1 }
    const [held, confirmed] = (await shop.facts()).slice(2)
    expect(held).toMatchObject({ ...order, kind: "held", seq: 3, unitPrice, payBefore })
    expect(confirmed).toMatchObject({ ...order, kind: "confirmed", seq: 4, unitPrice, payBefore })
  },

  "the facts of an administrator's commands contain the terms": async shop => {
    await shop.create({ description: 'a "quoted" | text\nof two lines, é 🙂' })
    await shop.decide({ kind: "amend", saleId: "drop", terms: { limitPerCustomer: 3 } })
    const [created, , amended] = await shop.facts()
    expect(created!.terms).toMatchObject({ id: "drop", description: 'a "quoted" | text\nof two lines, é 🙂' })
    expect(amended!.terms).toMatchObject({ limitPerCustomer: 3, opensAt: OPENS })
  },

  "a refusal writes nothing and gives the seq of the last fact": async shop => {
    await shop.create({ total: 1 })
    await shop.bought("ann", "k1")
    const before = await shop.everything()
    const attempts = [
      shop.attempt("bob", "k2"),
      shop.attempt("ann", "k2"),
      shop.attempt("ann", "k1", { quantity: 2 }),
      shop.attempt("eve", "k4", { notAfter: OPENS - 1 }),
    ]
    const answers = await shop.batch(...attempts)
    expect(answers.map(({ outcome, seq }) => [outcome, seq])).toEqual([
      ["sold_out", 3],
      ["limit_reached", 3],
      ["key_reused", 3],
      ["overloaded", 3],
    ])
    expect(await shop.everything()).toEqual(before)
  },

  "free + held + sold = total after every fact": async shop => {
    await eventful(shop)
    const totals = new Map<string, number>()
    for (const { kind, sku, quantity, free, held, sold } of await shop.facts()) {
      if (sku === undefined) continue
      if (kind === "stocked") totals.set(sku, (totals.get(sku) ?? 0) + quantity!)
      expect(free! + held! + sold!).toBe(totals.get(sku)!)
      expect(Math.min(free!, held!, sold!)).toBeGreaterThanOrEqual(0)
    }
    for (const { sku, total, free, held, sold } of (await shop.sale()).items) {
      expect([sku, free + held + sold]).toEqual([sku, total])
      expect(total).toBe(totals.get(sku)!)
    }
  },
}
