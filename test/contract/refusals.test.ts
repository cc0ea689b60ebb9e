import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import { effort } from "../support/effort.ts"
import { turn, Wires } from "../support/ipc/wires.ts"
import { MemoryInventory } from "../support/stores/memory-inventory.ts"
import { newSale, OPENS, Shop } from "../support/stores/shop.ts"

const NOW = OPENS + 60_000

async function open(replicas: number, total: number): Promise<{ shop: Shop; wires: Wires }> {
  const inventory = new MemoryInventory(() => NOW)
  const shop = new Shop({ inventory, setClock() {}, close: () => inventory[Symbol.asyncDispose]() }, NOW)
  await shop.create({ total })
  const wires = new Wires(inventory, replicas)
  await wires.settle()
  return { shop, wires }
}

/** Returns a function that says whether the promise has resolved. */
function settled(promise: Promise<unknown>): () => boolean {
  let done = false
  void promise.then(() => {
    done = true
  })
  return () => done
}

describe("refusals from memory", () => {
  const restock = { kind: "restock", saleId: "drop", sku: "shoe", units: 1 } as const

  test("begin once every unit is sold, and equal the store's answer", async () => {
    const { shop, wires } = await open(2, 1)
    const [one, other] = wires.replicas
    const sold = one!.buy(shop.attempt("ann", "k"), NOW)
    await wires.settle()
    expect(await sold).toMatchObject({ outcome: "confirmed" })
    const attempt = shop.attempt("bob", "k")
    expect(other!.board.refuse(attempt, NOW)).toEqual(await shop.decide(attempt))
    expect(other!.board.refuse(shop.attempt("ann", "k"), NOW)).toBeUndefined()
  })

  test("equal the store's answer wherever nobody can buy: before the opening, paused, closed, unknown sale and item", async () => {
    const { shop, wires } = await open(2, 3)
    const [one, other] = wires.replicas
    const create = (id: string, opensAt: number) => {
      const sale = newSale({ id, opensAt, holdSeconds: 60, limitPerCustomer: 2 })
      return one!.decide({ kind: "create", sale })
    }
    const created = [create("later", NOW + 60_000), create("paused", OPENS), create("closed", OPENS)]
    await wires.settle()
    expect((await Promise.all(created)).map(({ outcome }) => outcome)).toEqual(["done", "done", "done"])
    const held = one!.decide(shop.attempt("ann", "k", { sale: "paused" }))
    await wires.settle()
    const order = (await held).order!
    const steered = [
      one!.decide({ kind: "confirm", orderId: order.id }),
      one!.decide({ kind: "pause", saleId: "paused" }),
      one!.decide({ kind: "close", saleId: "closed" }),
    ]
    await wires.settle()
    await Promise.all(steered)
    const outcomes = ["sale_not_open", "sale_paused", "sale_closed", "sale_unknown", "sale_unknown"]
    const attempts = ["later", "paused", "closed", "none"].map(sale => shop.attempt("bob", "k", { sale }))
    attempts.push(shop.attempt("bob", "k", { sku: "hat" }))
    for (const [at, attempt] of attempts.entries()) {
      const refusal = other!.board.refuse(attempt, NOW)
      expect(refusal).toMatchObject({ outcome: outcomes[at]! })
      expect(refusal).toEqual(await shop.decide(attempt))
    }
    // Who may have an order is asked about in the store, and so is what happens within a second of the opening.
    expect(other!.board.refuse(shop.attempt("ann", "k", { sale: "paused" }), NOW)).toBeUndefined()
    expect(other!.board.refuse(attempts[0]!, NOW + 59_001)).toBeUndefined()
    expect(other!.board.refuse(shop.attempt("bob", "k", { quantity: 0, sale: "none" }), NOW)).toBeUndefined()
    // Where a unit is held or can be bought, too.
    expect(other!.board.refuse(shop.attempt("bob", "k"), NOW)).toBeUndefined()
  })

  test.each([
    { kind: "create", sale: newSale({ id: "new" }) } as const,
    { kind: "amend", saleId: "later", terms: { opensAt: OPENS } } as const,
  ])("end on every replica before a sale that is new or opens now is announced: %j", async command => {
    const { shop, wires } = await open(2, 3)
    const [one, other] = wires.replicas
    one!.decide({ kind: "create", sale: newSale({ id: "later", opensAt: NOW + 60_000 }) })
    await wires.settle()
    const attempt = shop.attempt("bob", "k", { sale: command.kind === "create" ? "new" : "later" })
    expect(other!.board.refuse(attempt, NOW)).toBeDefined()
    const isAnswered = settled(one!.decide(command))
    one!.deliverUp()
    await turn()
    while (one!.deliverDown() || one!.deliverUp()) await turn()
    expect(isAnswered()).toBe(false)
    expect(other!.board.refuse(attempt, NOW)).toBeDefined()
    while (other!.deliverDown());
    expect(other!.board.refuse(attempt, NOW)).toBeUndefined()
    await wires.settle()
    expect(isAnswered()).toBe(true)
  })

  test("end on every replica before a restock is answered", async () => {
    const { shop, wires } = await open(3, 0)
    const [one, , last] = wires.replicas
    const answer = one!.decide(restock)
    const isAnswered = settled(answer)
    one!.deliverUp()
    await turn()
    expect(wires.replicas.map(({ waiting }) => waiting)).toEqual([["notice"], ["notice"], ["notice"]])
    for (const replica of wires.replicas.slice(0, 2)) {
      replica.deliverDown()
      replica.deliverUp()
    }
    await turn()
    expect(isAnswered()).toBe(false)
    expect(last!.board.refuse(shop.attempt("bob", "k"), NOW)).toMatchObject({ outcome: "sold_out" })
    last!.deliverDown()
    last!.deliverUp()
    await wires.settle()
    expect(await answer).toMatchObject({ outcome: "done" })
    expect(last!.board.refuse(shop.attempt("bob", "k"), NOW)).toBeUndefined()
  })

  test("of a dead replica do not delay the answer to a restock", async () => {
    const { wires } = await open(2, 0)
    const [one, other] = wires.replicas
    const isAnswered = settled(one!.decide(restock))
    one!.deliverUp()
    await turn()
    one!.deliverDown()
    one!.deliverUp()
    await turn()
    expect(isAnswered()).toBe(false)
    other!.die()
    await turn()
    one!.deliverDown()
    await turn()
    expect(isAnswered()).toBe(true)
  })

  test("never reach a customer who has an order, for any delay of messages", async () => {
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.record({ act: fc.constant("up" as const), at: fc.nat(2) }) },
      { weight: 6, arbitrary: fc.record({ act: fc.constant("down" as const), at: fc.nat(2) }) },
      { weight: 6, arbitrary: fc.record({ act: fc.constant("buy" as const), at: fc.nat(2), name: fc.nat(5) }) },
      { weight: 1, arbitrary: fc.record({ act: fc.constant("restock" as const), at: fc.nat(2) }) },
    )
    const property = fc.asyncProperty(fc.array(step, { maxLength: 120, size: "max" }), async steps => {
      const { shop, wires } = await open(3, 2)
      const owners = new Set<string>()
      for (const { act, at, ...rest } of steps) {
        const replica = wires.replicas[at]!
        if (act === "up") replica.deliverUp()
        else if (act === "down") replica.deliverDown()
        else if (act === "restock") replica.decide(restock)
        else {
          const name = `cust-${(rest as { name: number }).name}`
          const attempt = shop.attempt(name, "k")
          const isOwner = owners.has(name)
          replica.buy(attempt, NOW).then(({ outcome }) => {
            if (outcome === "confirmed") owners.add(name)
            else if (isOwner) throw new Error(`${name} has an order and got ${outcome}`)
          })
        }
        await turn()
        for (const name of owners) {
          for (const { board } of wires.replicas) expect(board.refuse(shop.attempt(name, "k"), NOW)).toBeUndefined()
        }
      }
      await wires.settle()
      wires.publisher[Symbol.dispose]()
    })
    await fc.assert(property, { numRuns: effort(500, 50), interruptAfterTimeLimit: 30_000 })
  }, 60_000)
})
