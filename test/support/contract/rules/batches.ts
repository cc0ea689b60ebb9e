import { expect } from "bun:test"
import type { Command } from "../../../../src/core/command.ts"
import { InventoryFault } from "../../../../src/core/ports/inventory.ts"
import { newSale } from "../../stores/shop.ts"
import type { Rules } from "./rule.ts"

export const batches: Rules = {
  "the commands of a call are decided in order": async shop => {
    const answers = await shop.batch(
      shop.attempt("ann", "k1"),
      { kind: "create", sale: newSale({ total: 1 }) },
      shop.attempt("ann", "k1"),
      shop.attempt("bob", "k2"),
      { kind: "restock", saleId: "drop", sku: "shoe", units: 1 },
      shop.attempt("bob", "k2"),
      { kind: "pause", saleId: "drop" },
      shop.attempt("eve", "k3"),
      shop.attempt("ann", "k1"),
    )
    expect(answers.map(({ outcome, seq, replayed }) => [outcome, seq, replayed])).toEqual([
      ["sale_unknown", undefined, undefined],
      ["done", 2, undefined],
      ["confirmed", 3, undefined],
      ["sold_out", 3, undefined],
      ["done", 4, undefined],
      ["confirmed", 5, undefined],
      ["done", 6, undefined],
      ["sale_paused", 6, undefined],
      ["confirmed", 6, true],
    ])
  },

  "an amendment applies to later attempts in the same call": async shop => {
    await shop.create({ holdSeconds: 60 })
    const answers = await shop.batch(
      shop.attempt("ann", "k1"),
      { kind: "amend", saleId: "drop", terms: { holdSeconds: 90 } },
      shop.attempt("bob", "k1"),
    )
    const orders = await shop.orders()
    expect([answers[0]!.order, answers[2]!.order]).toEqual(orders)
    expect(orders.map(({ payBefore }) => payBefore! - shop.now)).toEqual([60_000, 90_000])
  },

  "an invalid command does not affect the other commands of its call": async shop => {
    await shop.create({ holdSeconds: 60 })
    const bad: Command[] = [
      shop.attempt("eve", "k1", { quantity: -1 }),
      shop.attempt("eve", "k1", { sale: "none" }),
      { kind: "confirm", orderId: "none" },
      { kind: "release", orderId: "A1-0000", reason: "cancelled" },
      { kind: "create", sale: newSale() },
      { kind: "create", sale: newSale({ id: "other", total: -1 }) },
      { kind: "restock", saleId: "drop", sku: "shoe", units: -100 },
      { kind: "amend", saleId: "drop", terms: { holdSeconds: null } },
    ]
    const good = bad.map((_, at) => shop.attempt(`cust-${at}`, "k"))
    const answers = await shop.batch(...bad.flatMap((command, at) => [command, good[at]!]))
    const outcomes = answers.map(({ outcome }) => outcome)
    expect(outcomes.filter((_, at) => at % 2 === 0)).toEqual([
      "invalid_request",
      "sale_unknown",
      "order_unknown",
      "order_unknown",
      "sale_exists",
      "invalid_request",
      "invalid_request",
      "invalid_request",
    ])
    expect(outcomes.filter((_, at) => at % 2 === 1)).toEqual(good.map(() => "held"))
    expect(await shop.stock()).toBe("free 2 held 8 sold 0")
  },

  "concurrent calls are decided in the order of arrival": async shop => {
    await shop.create({ total: 5 })
    const calls = Array.from({ length: 30 }, (_, at) => shop.batch(shop.attempt(`cust-${at}`, "k")))
    const outcomes = (await Promise.all(calls)).map(([answer]) => answer!.outcome)
    expect(outcomes).toEqual([...Array(5).fill("confirmed"), ...Array(25).fill("sold_out")])
  },

  "an empty call gets an empty answer": async shop => {
    expect(await shop.batch()).toEqual([])
  },

  "every command of a large call is answered": async shop => {
    await shop.create({ total: 5000 })
    const attempts = Array.from({ length: 5000 }, (_, at) => shop.attempt(`cust-${at}`, "k"))
    const answers = await shop.batch(...attempts, shop.attempt("late", "k"))
    expect(answers.filter(({ outcome }) => outcome === "confirmed")).toHaveLength(5000)
    expect(answers.map(({ order }) => order?.customerId)).toEqual([...attempts.map(a => a.customerId), undefined])
    expect(answers.at(-1)).toMatchObject({ outcome: "sold_out" })
  },

  "a closed store decides nothing, and its fault is certain": async shop => {
    await shop.create()
    await shop.inventory[Symbol.asyncDispose]()
    const fault = await shop.reserve("ann", "k1").catch((error: unknown) => error)
    expect(fault).toBeInstanceOf(InventoryFault)
    const { certain, message } = fault as InventoryFault
    expect(certain).toBe(true)
    expect(message).toMatch(/^[A-Z].*\.$/)
  },
}
