import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { auditSale } from "../../src/audit/audit-sale.ts"
import { httpSources } from "../../src/cli/audit/sources.ts"
import { type Proof, rememberedProofs } from "../../src/http/proof/proofs.ts"
import { Prover } from "../../src/http/proof/prover.ts"
import { eventually } from "../support/eventually.ts"
import { FakeTime } from "../support/fake-time.ts"
import { administrator } from "../support/node.ts"
import { MemoryInventory } from "../support/stores/memory-inventory.ts"
import { MemorySeals } from "../support/stores/memory-seals.ts"
import { OPENS, Shop } from "../support/stores/shop.ts"
import { System } from "../support/system.ts"
import { tokenOf } from "../support/token.ts"

// Kind: work for a stranger that grows with a sale. It is done once, by the process that owns the store, and kept.

/** A store in memory that counts what is read of it, a prover over it, and the proofs that it kept. */
function proverOf() {
  const time = new FakeTime()
  const inventory = new MemoryInventory(() => time.now())
  const kept = new Map<string, Proof>()
  const counts = { reads: 0, kept: 0 }
  const source = {
    sales: () => inventory.sales(),
    facts(saleId: string, after: number, limit: number) {
      counts.reads++
      return inventory.facts(saleId, after, limit)
    },
    orders: (saleId: string, after: number, limit: number) => inventory.orders(saleId, after, limit),
  }
  const proofs = {
    of: async (saleId: string) => kept.get(saleId),
    async keep(saleId: string, proof: Proof) {
      counts.kept++
      kept.set(saleId, proof)
    },
  }
  const prover = new Prover({ source, seals: new MemorySeals(), proofs, time })
  const step = async () => {
    const done = prover.step(new AbortController().signal)
    for (let at = 0; at < 50; at++) await time.advance(100)
    await done
  }
  const shop = new Shop({ inventory, setClock() {}, close: () => inventory[Symbol.asyncDispose]() }, OPENS)
  return { step, shop, kept, counts, time }
}

describe("the prover", () => {
  test("proves a sale once it can sell no more, once, and again when it has changed and ended again", async () => {
    const { step, shop, kept, counts, time } = proverOf()
    await shop.create({ total: 2, opensAt: time.now(), holdSeconds: 60 })
    const order = await shop.bought("ann", "k")
    await step()
    expect(counts).toEqual({ reads: 0, kept: 0 })
    await shop.confirm(order.id)
    await shop.confirm((await shop.bought("bob", "k")).id)
    await step()
    expect(kept.get("drop")).toMatchObject({ seq: 6, report: { ok: true, totals: { sold: 2, orders: 2 } } })
    const { reads } = counts
    await step()
    await step()
    expect(counts).toEqual({ reads, kept: 1 })
    await shop.decide({ kind: "restock", saleId: "drop", sku: "shoe", units: 1 })
    await step()
    expect(kept.get("drop")).toMatchObject({ seq: 6 })
    await shop.decide({ kind: "close", saleId: "drop" })
    await step()
    expect(kept.get("drop")).toMatchObject({ seq: 8, report: { ok: true, totals: { free: 1, sold: 2 } } })
  })
})

test("however many people ask a replica for a proof, it is read at most once a second", async () => {
  let now = 0
  let reads = 0
  const proof = { seq: 3 } as Proof
  const read = async () => {
    reads++
    return proof
  }
  const proofs = rememberedProofs({ of: read }, () => now)
  await Promise.all(Array.from({ length: 100 }, () => proofs.of("drop")))
  expect(reads).toBe(1)
  now = 1000
  expect(await proofs.of("drop")).toBe(proof)
  expect(reads).toBe(2)
})

describe("the page of the proof", () => {
  let system: System
  beforeAll(async () => {
    system = await System.start({ env: { REPLICAS: "1" } })
  }, 30_000)
  afterAll(() => system.stop())

  test("shows the last finished proof with its time, also while the sale sells again", async () => {
    await system.createSale("last", { total: 1 })
    const page = async () => (await system.request("/sales/last/proof")).text()
    expect(await page()).toContain("The books are still open.")
    expect((await system.buy("last", tokenOf("ann"), "k")).status).toBe(201)
    const finished = await eventually("the proof is made", async () => {
      const text = await page()
      return text.includes("Every promise is kept.") && text
    })
    expect(finished).toMatch(/This proof was finished at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\./)
    const [, seq, hash = ""] = /<code>(\d+):([0-9a-f]{64})<\/code>/.exec(finished) ?? []
    const audit = async (published: string) => {
      const source = httpSources(administrator(system)).of("last")
      return (await auditSale(source, undefined, { seq: Number(seq), hash: published })).violations
    }
    expect(await audit(hash)).toEqual([])
    expect((await audit("0".repeat(64))).join()).toContain("was published with another hash")
    // What it was compared with is that very seal, from the store.
    const [sealed] = await administrator(system).seals("last")
    expect(sealed).toMatchObject({ firstSeq: 1, lastSeq: Number(seq), seal: hash })
    await system.admin("POST", "/sales/last/items/last/restock", { units: 5 })
    await eventually("the replica knows of the restock", async () => {
      const { items } = (await (await system.request("/api/v1/sales/last")).json()) as { items: { free: number }[] }
      return items[0]!.free === 5
    })
    expect(await page()).toContain("Every promise is kept.")
    expect(await page()).toContain("1 of 1 units sold")
  })
})
