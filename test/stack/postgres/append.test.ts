import { expect } from "bun:test"
import fc from "fast-check"
import { chainText, type Fact } from "../../../src/core/fact.ts"
import { LedgerFault } from "../../../src/core/ports/ledger.ts"
import { sha1 } from "../../../src/runtime/sha1.ts"
import { PostgresLedger } from "../../../src/stack/postgres/ledger.ts"
import { steps } from "../../support/model/steps.ts"
import { Walk } from "../../support/model/walk.ts"
import { needs } from "../../support/needs.ts"
import { NEWER_DATA, newerRules } from "../../support/newer-build.ts"
import { Cluster } from "../../support/postgres.ts"
import { POSTGRES } from "../../support/programs.ts"
import { bookIn, bookOf, eventfulShop, openShop } from "../../support/stores/book.ts"
import { memory } from "../../support/stores/kinds.ts"
import { MemoryInventory } from "../../support/stores/memory-inventory.ts"
import { OPENS, Shop } from "../../support/stores/shop.ts"

const { afterAll, beforeAll, describe, test } = needs(POSTGRES)

const DROP = { id: "drop", number: 1 }
let cluster: Cluster

beforeAll(async () => {
  cluster = await Cluster.start()
}, 60_000)
afterAll(() => cluster[Symbol.asyncDispose]())

async function openLedger(): Promise<PostgresLedger> {
  return new PostgresLedger({ url: cluster.urlAt(cluster.port, await cluster.createDatabase()) })
}

async function faultOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    error => error,
  )
  expect(error).toBeInstanceOf(LedgerFault)
  return `${(error as LedgerFault).kind}: ${(error as LedgerFault).message}`
}

describe("a ledger", () => {
  test("returns the facts, orders and sale of the store, however the facts were divided into batches", async () => {
    await using ledger = await openLedger()
    const shop = await eventfulShop()
    const { facts } = await bookOf(shop)
    for (const size of [1, 2, 3, 5, facts.length]) {
      await using another = size === 1 ? undefined : await openLedger()
      const into = another ?? ledger
      for (let at = 0; at < facts.length; at += size) await into.append(DROP, 1, facts.slice(at, at + size))
      expect(await bookIn(into)).toEqual(await bookOf(shop))
    }
    const last = facts.at(-1)!
    expect(await ledger.cursors()).toEqual([{ saleId: "drop", seq: last.seq, hash: last.hash, epoch: 1 }])
  })

  test("holds exactly what the model holds, over random sequences of commands", async () => {
    const property = fc.asyncProperty(steps, fc.integer({ min: 1, max: 40 }), async (sequence, size) => {
      await using ledger = await openLedger()
      const store = await memory().open(OPENS)
      await new Walk(store, await memory().open(OPENS)).take(sequence.filter(({ kind }) => kind !== "restart"))
      const shop = new Shop(store, OPENS)
      for (const { id, number } of await store.inventory.sales()) {
        const facts = await shop.facts(id)
        for (let at = 0; at < facts.length; at += size)
          await ledger.append({ id, number }, 1, facts.slice(at, at + size))
        expect(await bookIn(ledger, id)).toEqual(await bookOf(shop, id))
      }
    })
    await fc.assert(property, { numRuns: 6 })
  }, 60_000)

  test("returns pages and single orders as the store does", async () => {
    await using ledger = await openLedger()
    const shop = await eventfulShop()
    const { facts, orders } = await bookOf(shop)
    await ledger.append(DROP, 1, facts)
    expect((await ledger.facts("drop", 4, 3)).map(({ seq }) => seq)).toEqual([5, 6, 7])
    expect((await ledger.orders("drop", 4, 1)).map(({ id }) => id)).toEqual([orders[1]!.id])
    expect(await ledger.order(orders[1]!.id)).toEqual(orders[1]!)
    expect(await ledger.order(orders[1]!.id.replace(/.$/, "?"))).toBeUndefined()
    expect(await ledger.order("B4-0000")).toBeUndefined()
    expect(await ledger.facts("none", 0, 10)).toEqual([])
  })

  test("stores facts that come again only once, alone or among new ones", async () => {
    await using ledger = await openLedger()
    const shop = await eventfulShop()
    const { facts } = await bookOf(shop)
    await ledger.append(DROP, 1, facts.slice(0, 6))
    await ledger.append(DROP, 1, facts.slice(0, 6))
    await ledger.append(DROP, 1, facts.slice(2, 4))
    await ledger.append(DROP, 1, facts.slice(3))
    expect(await bookIn(ledger)).toEqual(await bookOf(shop))
  })

  test("refuses a gap, a changed field, another order, a foreign sale: all or nothing", async () => {
    await using ledger = await openLedger()
    const { facts } = await bookOf(await eventfulShop())
    await ledger.append(DROP, 1, facts.slice(0, 4))
    const before = await bookIn(ledger)
    const next = facts.slice(4)
    const wrong = next.map((fact, at) => (at === 2 ? { ...fact, at: fact.at + 1 } : fact))
    const cases: [string, Fact[]][] = [
      ["the ledger ends at 4, and the next fact is 6", facts.slice(5)],
      ["fact 7 of drop came where 6 was due", next.toSpliced(1, 1)],
      ["fact 7 does not follow the one before it by its hash", wrong],
      ["fact 5 of other came where 5 was due", [{ ...next[0]!, saleId: "other" }]],
    ]
    for (const [why, given] of cases) {
      expect(await faultOf(ledger.append(DROP, 1, given))).toBe(`conflict: drop: ${why}.`)
    }
    expect(await bookIn(ledger)).toEqual(before)
    await ledger.append(DROP, 1, next)
  })

  test("finds a conflict when other facts come under numbers that it has", async () => {
    await using ledger = await openLedger()
    const [ours, theirs] = [await openShop(), await openShop()]
    for (const shop of [ours, theirs]) await shop.create()
    await ledger.append(DROP, 1, await ours.facts())
    await ours.bought("ann", "k1")
    await theirs.bought("bob", "k1")
    await ledger.append(DROP, 1, await ours.facts())
    expect(await faultOf(ledger.append(DROP, 1, await theirs.facts()))).toBe(
      "conflict: drop: the ledger holds another fact 3.",
    )
    await theirs.decide({ kind: "pause", saleId: "drop" })
    expect(await faultOf(ledger.append(DROP, 1, (await theirs.facts()).slice(3)))).toBe(
      "conflict: drop: fact 4 does not follow the one before it by its hash.",
    )
    expect(await bookIn(ledger)).toEqual(await bookOf(ours))
  })

  test("refuses a sale that begins with something else, and a number that another sale has", async () => {
    await using ledger = await openLedger()
    const shop = await openShop()
    await shop.create()
    const first = (await shop.facts())[0]!
    await ledger.append(DROP, 1, await shop.facts())
    expect(await faultOf(ledger.append({ id: "other", number: 1 }, 1, [{ ...first, saleId: "other" }]))).toBe(
      "conflict: other: the ledger knows sale number 1 as drop.",
    )
    expect(await faultOf(ledger.append({ id: "drop", number: 2 }, 1, [first]))).toMatch(/^conflict: The ledger holds/)
  })

  test("refuses facts that end an order which it lacks, and stores none of the page", async () => {
    const url = cluster.urlAt(cluster.port, await cluster.createDatabase())
    await using ledger = new PostgresLedger({ url })
    const { facts } = await bookOf(await eventfulShop())
    const end = facts.findIndex(({ kind, payBefore }) => kind === "confirmed" && payBefore !== undefined)
    await ledger.append(DROP, 1, facts.slice(0, end))
    await cluster.query("DELETE FROM orders", [], url)
    expect(await faultOf(ledger.append(DROP, 1, facts.slice(end, end + 1)))).toBe(
      "conflict: drop: facts change 1 orders, of which the ledger holds 0.",
    )
    expect(await ledger.facts("drop", 0, 100)).toHaveLength(end)
    expect(await ledger.cursors()).toMatchObject([{ seq: end }])
  })

  test("accepts only one of two writers that both know where its sale stood", async () => {
    const url = cluster.urlAt(cluster.port, await cluster.createDatabase())
    await using one = new PostgresLedger({ url })
    await using other = new PostgresLedger({ url })
    const { facts } = await bookOf(await eventfulShop())
    await one.append(DROP, 1, facts.slice(0, 3))
    await other.append(DROP, 1, facts.slice(3, 5))
    // Its knowledge is old: it looks again, and compares what it was given.
    await one.append(DROP, 1, facts.slice(3, 6))
    await Promise.all([one, other].map(ledger => ledger.append(DROP, 1, facts.slice(6))))
    await other.fence(DROP, 2)
    const { facts: kept } = await bookIn(one)
    expect(kept).toEqual(facts)
    const last = facts.at(-1)!
    const { hash: _, ...next } = { ...last, seq: facts.length + 1 }
    const late = [{ ...next, hash: sha1(chainText(last.hash, next)) }]
    expect(await faultOf(one.append(DROP, 1, late))).toMatch(/^fenced: drop/)
  })

  test("refuses appends of an earlier epoch, and an epoch that has begun already", async () => {
    await using ledger = await openLedger()
    const { facts } = await bookOf(await eventfulShop())
    await ledger.fence(DROP, 3)
    expect(await ledger.sales()).toEqual([])
    expect(await faultOf(ledger.append(DROP, 2, facts))).toBe(
      "fenced: drop: epoch 2 is over, the ledger takes 3 and later.",
    )
    await ledger.append(DROP, 3, facts.slice(0, 3))
    await ledger.append(DROP, 5, facts.slice(3, 5))
    expect(await faultOf(ledger.append(DROP, 4, facts.slice(5)))).toMatch(/^fenced/)
    expect(await faultOf(ledger.append(DROP, 4, facts.slice(0, 2)))).toMatch(/^fenced/)
    expect(await faultOf(ledger.fence(DROP, 5))).toBe("fenced: drop: epoch 5 has begun already.")
    expect(await faultOf(ledger.fence(DROP, 4))).toMatch(/^fenced/)
    expect(await ledger.cursors()).toMatchObject([{ seq: 5, epoch: 5 }])
  })

  test("keeps facts of kinds and with data that this build does not know, and leaves their orders as they are", async () => {
    await using ledger = await openLedger()
    const inventory = new MemoryInventory(() => OPENS, newerRules)
    const shop = new Shop({ inventory, setClock: () => {}, close: () => inventory[Symbol.asyncDispose]() }, OPENS)
    await shop.create({ total: 5, holdSeconds: 60 })
    await shop.confirm((await shop.bought("ann", "k1")).id)
    await shop.decide({ kind: "restock", saleId: "drop", sku: "shoe", units: 3 })
    const facts = await shop.facts()
    expect(facts.map(({ kind }) => kind)).toContain("paid")
    await ledger.append(DROP, 1, facts.slice(0, 5))
    await ledger.append(DROP, 1, facts.slice(4))
    expect(await bookIn(ledger)).toEqual(await bookOf(shop))
    expect((await ledger.facts("drop", 4, 1))[0]).toMatchObject({ kind: "paid", data: NEWER_DATA })
    const altered = { ...facts[4]!, data: { ...NEWER_DATA, provider: "c" } }
    expect(await faultOf(ledger.append(DROP, 1, [altered]))).toContain("fact 5 does not follow the one before it")
  })

  test("two writers at once leave one chain of facts", async () => {
    await using ledger = await openLedger()
    const shop = await eventfulShop()
    const { facts } = await bookOf(shop)
    await Promise.all([1, 2, 3, 4].map(size => appendAll(ledger, facts, size)))
    expect(await bookIn(ledger)).toEqual(await bookOf(shop))
  })
})

async function appendAll(ledger: PostgresLedger, facts: Fact[], size: number) {
  for (let at = 0; at < facts.length; at += size) await ledger.append(DROP, 1, facts.slice(at, at + size))
}
