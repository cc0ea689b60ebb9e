import { expect } from "bun:test"
import type { Command } from "../../../../src/core/command.ts"
import { newItem, newSale, OPENS } from "../../stores/shop.ts"
import type { Rules } from "./rule.ts"

export const steering: Rules = {
  "a paused sale refuses attempts, and sells again once it is resumed": async shop => {
    await shop.create()
    expect(await shop.decide({ kind: "pause", saleId: "drop" })).toMatchObject({ outcome: "done", seq: 3 })
    expect(await shop.reserve("ann", "k1")).toEqual({ outcome: "sale_paused", seq: 3 })
    expect(await shop.decide({ kind: "resume", saleId: "drop" })).toMatchObject({ outcome: "done", seq: 4 })
    expect(await shop.reserve("ann", "k1")).toMatchObject({ outcome: "confirmed" })
  },

  "a closed sale stays closed": async shop => {
    await shop.create()
    await shop.decide({ kind: "close", saleId: "drop" })
    for (const kind of ["pause", "resume"] as const) {
      expect(await shop.decide({ kind, saleId: "drop" })).toEqual({ outcome: "sale_closed", seq: 3 })
    }
    expect(await shop.reserve("ann", "k1")).toEqual({ outcome: "sale_closed", seq: 3 })
  },

  "pausing, resuming or closing a sale that is already so writes no fact": async shop => {
    await shop.create()
    await shop.decide({ kind: "resume", saleId: "drop" })
    for (const kind of ["pause", "close"] as const) {
      await shop.decide({ kind, saleId: "drop" })
      const before = await shop.everything()
      expect(await shop.decide({ kind, saleId: "drop" })).toMatchObject({ outcome: "done" })
      expect(await shop.everything()).toEqual(before)
    }
    expect((await shop.facts()).map(({ kind }) => kind)).toEqual(["created", "stocked", "paused", "closed"])
  },

  "creating a sale twice is sale_exists": async shop => {
    await shop.create({ total: 3 })
    const before = await shop.everything()
    expect(await shop.create({ total: 5 })).toEqual({ outcome: "sale_exists" })
    expect(await shop.everything()).toEqual(before)
  },

  "an administrator's command returns the sale after it": async shop => {
    const { sale } = await shop.create({ total: 3 })
    expect(sale).toMatchObject({ id: "drop", number: 1, standing: "active", seq: 2, at: OPENS })
    expect(sale!.items).toEqual([{ ...newItem("shoe", 3), free: 3, held: 0, sold: 0 }])
    const commands: Command[] = [
      { kind: "pause", saleId: "drop" },
      { kind: "restock", saleId: "drop", sku: "shoe", units: 2 },
      { kind: "amend", saleId: "drop", terms: { limitPerCustomer: 4 } },
    ]
    for (const command of commands) {
      const answer = await shop.decide(command)
      expect(answer.sale).toEqual(await shop.sale())
    }
    expect(await shop.sale()).toMatchObject({ standing: "paused", limitPerCustomer: 4, items: [{ total: 5, free: 5 }] })
  },

  "commands for an unknown sale or item are refused": async shop => {
    await shop.create()
    const before = await shop.everything()
    const commands: Command[] = [
      { kind: "pause", saleId: "other" },
      { kind: "resume", saleId: "other" },
      { kind: "close", saleId: "other" },
      { kind: "amend", saleId: "other", terms: { name: "Other" } },
      { kind: "restock", saleId: "other", sku: "shoe", units: 1 },
      { kind: "restock", saleId: "drop", sku: "sock", units: 1 },
      shop.attempt("ann", "k1", { sale: "other" }),
      shop.attempt("ann", "k1", { sku: "sock" }),
    ]
    expect(await shop.batch(...commands)).toEqual(commands.map(() => ({ outcome: "sale_unknown" })))
    expect(await shop.everything()).toEqual(before)
  },

  "an optional term can be removed": async shop => {
    await shop.create({ checkout: "instant", holdSeconds: 60, closesAt: OPENS + 1000 })
    await shop.decide({ kind: "amend", saleId: "drop", terms: { holdSeconds: null, closesAt: null } })
    const sale = await shop.sale()
    expect([sale.holdSeconds, sale.closesAt]).toEqual([undefined, undefined])
  },

  "terms that contradict each other are refused and change nothing": async shop => {
    await shop.create({ holdSeconds: 60, closesAt: OPENS + 1000 })
    const before = await shop.everything()
    for (const terms of [{ opensAt: OPENS + 1000 }, { closesAt: OPENS }, { holdSeconds: null }]) {
      const { outcome, seq, detail } = await shop.decide({ kind: "amend", saleId: "drop", terms })
      expect([outcome, seq, typeof detail]).toEqual(["invalid_request", 2, "string"])
    }
    expect(await shop.everything()).toEqual(before)
  },

  "invalid numbers are refused and change nothing": async shop => {
    await shop.create({ total: 3, limitPerCustomer: 5 })
    const before = await shop.everything()
    const wrong = [0, -1, 1.5]
    const commands: Command[] = [
      ...wrong.map(quantity => shop.attempt("ann", "k1", { quantity })),
      ...wrong.map((units): Command => ({ kind: "restock", saleId: "drop", sku: "shoe", units })),
      ...wrong.map((limitPerCustomer): Command => ({ kind: "amend", saleId: "drop", terms: { limitPerCustomer } })),
      ...[-1, 1.5].map((total): Command => ({ kind: "create", sale: newSale({ id: "other", total }) })),
      { kind: "create", sale: newSale({ id: "other", items: [newItem("shoe", 1), newItem("shoe", 2)] }) },
      { kind: "create", sale: newSale({ id: "other", checkout: "hold" }) },
    ]
    const answers = await shop.batch(...commands)
    expect(answers.map(({ outcome }) => outcome)).toEqual(commands.map(() => "invalid_request"))
    expect(await shop.everything()).toEqual(before)
  },
}
