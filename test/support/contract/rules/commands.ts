import { expect } from "bun:test"
import type { Answer, Command, SaleCommand } from "../../../../src/core/command.ts"
import { newSale } from "../../stores/shop.ts"
import type { Rules } from "./rule.ts"

/*
 * The kind: an administrator's request whose answer was lost, or that somebody else overtook. Repeating it books a delivery
 * twice, and sending it late overwrites what another administrator decided.
 */
const once = { key: "d-1", digest: "a" }
const other = { key: "d-1", digest: "b" }

/** Every command of an administrator about a sale that exists, each of which changes something. */
const CHANGES: SaleCommand[] = [
  { kind: "restock", saleId: "drop", sku: "shoe", units: 10 },
  { kind: "amend", saleId: "drop", terms: { name: "Other" } },
  { kind: "pause", saleId: "drop" },
  { kind: "resume", saleId: "drop" },
  { kind: "close", saleId: "drop" },
]

/** An answer without what a repetition adds. */
function told({ replayed: _, ...answer }: Answer): Answer {
  return answer
}

export const commands: Rules = {
  "an administrator's command with a key takes effect once, and with another payload it is key_reused": async shop => {
    await shop.create({ total: 3 })
    for (const [at, command] of CHANGES.entries()) {
      const key = `k-${at}`
      const first = await shop.decide({ ...command, once: { key, digest: "a" } })
      expect(first).toMatchObject({ outcome: "done", seq: 3 + at })
      const before = await shop.everything()
      await shop.store.restart?.()
      const again = await shop.decide({ ...command, once: { key, digest: "a" } })
      expect([again.replayed, told(again)]).toEqual([true, first])
      expect(await shop.decide({ ...command, once: { key, digest: "b" } })).toEqual({
        outcome: "key_reused",
        seq: 3 + at,
      })
      expect(await shop.everything()).toEqual(before)
    }
    expect(await shop.stock()).toBe("free 13 held 0 sold 0")
  },

  "a creation with a key takes effect once; under another key the sale exists": async shop => {
    const create: Command = { kind: "create", sale: newSale({ total: 3 }) }
    const first = await shop.decide({ ...create, once })
    expect(first).toMatchObject({ outcome: "done", seq: 2 })
    await shop.store.restart?.()
    const again = await shop.decide({ ...create, once })
    expect([again.replayed, told(again)]).toEqual([true, first])
    expect(await shop.decide({ ...create, once: other })).toEqual({ outcome: "key_reused", seq: 2 })
    for (const more of [{}, { once: { key: "d-2", digest: "a" } }]) {
      expect(await shop.decide({ ...create, ...more })).toMatchObject({ outcome: "sale_exists" })
    }
    expect(await shop.facts()).toHaveLength(2)
  },

  "a key is the sale's own, and a customer may use the same": async shop => {
    await shop.create({ total: 3 })
    await shop.create({ id: "other", total: 3 })
    for (const saleId of ["drop", "other"]) {
      const restock = { kind: "restock", saleId, sku: "shoe", units: 1, once } as const
      expect((await shop.decide(restock)).replayed).toBeUndefined()
    }
    expect((await shop.reserve("ann", once.key)).replayed).toBeUndefined()
  },

  "a key whose command was refused or changed nothing may be used again": async shop => {
    await shop.create({ total: 3 })
    const missing = { kind: "restock", saleId: "drop", sku: "hat", units: 1, once } as const
    expect(await shop.decide(missing)).toMatchObject({ outcome: "sale_unknown" })
    expect(await shop.decide({ kind: "resume", saleId: "drop", once })).toMatchObject({ outcome: "done", seq: 2 })
    expect(await shop.decide({ ...missing, sku: "shoe", once: other })).toMatchObject({ outcome: "done", seq: 3 })
  },

  "a repetition has no effect although the sale was changed in between": async shop => {
    await shop.create({ total: 3 })
    const pause = { kind: "pause", saleId: "drop", once } as const
    await shop.decide(pause)
    await shop.decide({ kind: "resume", saleId: "drop" })
    const { outcome, replayed, sale } = await shop.decide(pause)
    expect({ outcome, replayed, standing: sale?.standing }).toEqual({
      outcome: "done",
      replayed: true,
      standing: "active",
    })
    expect(await shop.decide({ ...pause, versions: [2] })).toMatchObject({ replayed: true })
  },

  "an administrator's release with a key repeats harmlessly, and its key is no other order's": async shop => {
    await shop.create({ total: 3, holdSeconds: 60 })
    const ann = await shop.bought("ann", "k")
    const bob = await shop.bought("bob", "k")
    const release = { kind: "release", orderId: ann.id, reason: "cancelled", once } as const
    expect(await shop.decide(release)).toMatchObject({ outcome: "released" })
    await shop.store.restart?.()
    expect(await shop.decide(release)).toMatchObject({ outcome: "released", replayed: true })
    expect(await shop.decide({ ...release, orderId: bob.id, once: other })).toMatchObject({ outcome: "key_reused" })
    expect(await shop.stock()).toBe("free 2 held 1 sold 0")
  },

  "a command for another version of the sale is version_conflict and changes nothing": async shop => {
    await shop.create({ total: 3 })
    await shop.bought("ann", "k")
    expect((await shop.sale()).version).toBe(2)
    for (const command of CHANGES) {
      const { seq, version } = await shop.sale()
      const before = await shop.everything()
      for (const versions of [[version - 1], [version + 1], []]) {
        expect(await shop.decide({ ...command, versions })).toEqual({ outcome: "version_conflict", seq })
      }
      expect(await shop.everything()).toEqual(before)
      const done = await shop.decide({ ...command, versions: [version - 1, version] })
      expect([done.outcome, done.sale?.version, (await shop.sale()).version]).toEqual(["done", seq + 1, seq + 1])
      await shop.reserve("bob", `k${seq}`)
    }
  },

  "two administrators who saw the same version: one command takes effect": async shop => {
    await shop.create({ total: 3 })
    const restock = { kind: "restock", saleId: "drop", sku: "shoe", units: 10, versions: [2] } as const
    const both = await Promise.all([shop.decide(restock), shop.decide(restock)])
    expect(both.map(({ outcome }) => outcome).sort()).toEqual(["done", "version_conflict"])
    const named = { ...restock, versions: undefined, once }
    const same = await shop.batch(named, named)
    expect(same.map(({ outcome, replayed }) => [outcome, replayed])).toEqual([
      ["done", undefined],
      ["done", true],
    ])
    expect(await shop.stock()).toBe("free 23 held 0 sold 0")
  },
}
