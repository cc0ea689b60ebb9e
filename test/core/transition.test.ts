import { describe, expect, test } from "bun:test"
import type { Item, Sale } from "../../src/core/sale.ts"
import type { StoreTransaction } from "../../src/core/store-transaction.ts"
import { applyTransition, ConservationError, type Moves } from "../../src/core/transition.ts"

const price = { amount: 100, currency: "IDR" }

/** A sale with some facts, and a transaction that only records its writes. */
function bench() {
  const item: Item = { sku: "shoe", name: "Shoe", price, total: 5, free: 2, held: 1, sold: 2 }
  const terms = { name: "Drop", description: "", opensAt: 0, limitPerCustomer: 1 }
  const place = {
    id: "drop",
    number: 1,
    checkout: "hold",
    standing: "active",
    version: 2,
    seq: 7,
    at: 100,
    hash: "h7",
  } as const
  const sale: Sale = { ...terms, ...place, items: [item] }
  const written: unknown[][] = []
  const write = (...what: unknown[]) => void written.push(what)
  const transaction = { sale: () => sale, write } as unknown as StoreTransaction
  return {
    item,
    sale,
    transaction,
    written,
    make: (moves: Moves) => {
      const transition = { saleId: "drop", guards: [], changes: [{ kind: "held", sku: "shoe", moves } as const] }
      return applyTransition(transaction, transition, 200, text => `#${text}`)
    },
  }
}

describe("a transition", () => {
  test("moves the units, extends the chain and is written once", () => {
    const { item, sale, written, make } = bench()
    make({ free: -1, held: 1 })
    expect(item).toMatchObject({ total: 5, free: 1, held: 2, sold: 2 })
    expect(sale).toMatchObject({ seq: 8, at: 200 })
    expect(sale.hash).toStartWith("#h7|drop|8|200|held|shoe|")
    expect(written).toHaveLength(1)
    expect(written[0]![1]).toMatchObject({ seq: 8, free: 1, held: 2, sold: 2, hash: sale.hash })
  })

  test("that would break free + held + sold = total changes nothing", () => {
    const wrong: Moves[] = [
      { free: -1 },
      { sold: 1 },
      { free: -3, held: 3 },
      { held: -2, free: 2 },
      { sold: -3, free: 3 },
      { free: 1, held: 1, sold: -1 },
      { free: Number.NaN },
    ]
    for (const moves of wrong) {
      const { item, sale, written, make } = bench()
      expect(() => make(moves)).toThrow(ConservationError)
      expect([item, sale, written]).toEqual([bench().item, bench().sale, []])
    }
  })
})
