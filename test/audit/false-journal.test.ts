import { beforeEach, expect, test } from "bun:test"
import type { Fact } from "../../src/wire/wire.ts"
import { NEWER_DATA, newerRules } from "../support/newer-build.ts"
import { auditEvidence, broken, expectCaught, rechain } from "./audit-evidence.ts"
import { type Evidence, SALE_ID, SimulatedSale } from "./simulated-sale.ts"

let simulated: SimulatedSale
let evidence: Evidence

/** Three of four shoes sold: facts 3, 4 and 5. */
beforeEach(async () => {
  const price = { amount: 100, currency: "IDR" }
  simulated = await SimulatedSale.open({ items: [{ sku: "shoe", name: "Shoe", price, total: 4 }] })
  for (const customer of ["ann", "bob", "cyd"]) await simulated.buy([{ customer, key: `${customer}-1` }])
  evidence = await simulated.evidence()
})

/** Appends a purchase for each customer without any check, with fitting hashes, as a broken store would. */
function sellMore(...customers: [customer: string, key: string][]): void {
  for (const [customerId, key] of customers) {
    const last = evidence.facts.at(-1)!
    const seq = last.seq + 1
    const orderId = `A${seq}-FAKE`
    const fact: Fact = { ...last, seq, orderId, customerId, key, free: last.free! - 1, sold: last.sold! + 1 }
    evidence.facts = rechain([...evidence.facts, fact])
    const order = { ...evidence.orders.at(-1)!, id: orderId, customerId, seq }
    evidence.orders.push(order)
  }
  follow()
}

/** Makes the sale's counters match its last fact, so that only the planted fault remains. */
function follow(): void {
  const { seq, hash, free = 0, held = 0, sold = 0 } = evidence.facts.at(-1)!
  const [item] = evidence.sale.items
  evidence.sale = { ...evidence.sale, seq, hash, items: [{ ...item!, free, held, sold }] }
}

test("a missing fact breaks I10, I9, I1 and I5", async () => {
  evidence.facts.splice(3, 1)
  const report = await auditEvidence(evidence)
  expectCaught(report, "I10", /fact 4 is missing/)
  expectCaught(report, "I9", /order A4-\d+ of bob is in the ledger, but no fact creates it/)
  expectCaught(report, "I1", /fact 5 leaves shoe at 1 free/)
  expectCaught(report, "I5", /op 2 \(bob at node-1\) got order A4-\d+, which is not in the journal|op 2 \(bob\)/)
})

test("a missing last fact breaks I9, because the sale's seq names it", async () => {
  evidence.facts.pop()
  expectCaught(await auditEvidence(evidence), "I9", /the sale is at fact 5, but the journal ends at fact 4/)
})

test("a duplicate fact breaks I10 and I11", async () => {
  evidence.facts.splice(4, 0, structuredClone(evidence.facts[3]!))
  const report = await auditEvidence(evidence)
  expectCaught(report, "I10", /fact 4 comes after fact 4/)
  expectCaught(report, "I11", /by fact 4 order A4-\d+ is confirmed, but it has been confirmed since fact 4/)
})

test("an altered fact breaks I10 and I9", async () => {
  evidence.facts[3] = { ...evidence.facts[3]!, customerId: "mallory" }
  const report = await auditEvidence(evidence)
  expectCaught(report, "I10", /the hash of fact 4 does not match/)
  expectCaught(report, "I9", /the ledger says customer bob, but the facts say mallory/)
})

test("facts in the wrong order break I10", async () => {
  const [first, second] = evidence.facts.slice(3, 5)
  evidence.facts.splice(3, 2, second!, first!)
  expectCaught(await auditEvidence(evidence), "I10", /fact 4 is missing\n.*\n?.*fact 4 comes after fact 5/)
})

test("a fact of another sale and a time that decreases break I10", async () => {
  evidence.facts[3] = { ...evidence.facts[3]!, saleId: "other" }
  evidence.facts[4] = { ...evidence.facts[4]!, at: evidence.facts[4]!.at - 10 }
  evidence.facts = rechain(evidence.facts)
  const report = await auditEvidence(evidence)
  expectCaught(report, "I10", /fact 4 belongs to sale other/)
  expectCaught(report, "I10", /fact 5 is 10 ms older/)
})

test("a sale whose hash is not the last fact's breaks I9", async () => {
  evidence.sale.hash = "0".repeat(40)
  expect(broken(await auditEvidence(evidence))).toEqual(["I9"])
})

test("overselling breaks I2 when the counters show it", async () => {
  sellMore(["dan", "dan-1"], ["eve", "eve-1"])
  const report = await auditEvidence(evidence, false)
  expectCaught(report, "I2", /fact 7 \(order A7-FAKE\) takes 1 of shoe, and then 5 of 4 are held or sold/)
  expect(report.totals).toMatchObject({ total: 4, free: 0, sold: 5 })
})

test("overselling breaks I2 and I1 when the counters hide it", async () => {
  sellMore(["dan", "dan-1"], ["eve", "eve-1"])
  const last = evidence.facts.pop()!
  evidence.facts = rechain([...evidence.facts, { ...last, free: 0, sold: 4 }])
  follow()
  const report = await auditEvidence(evidence, false)
  expectCaught(report, "I2", /5 of 4 are held or sold/)
  expectCaught(report, "I1", /0 free, 0 held, 4 sold instead of -1 free, 0 held, 5 sold/)
})

test("two units for a customer whose limit is one break I4", async () => {
  sellMore(["ann", "ann-2"])
  const report = await auditEvidence(evidence, false)
  expect(broken(report)).toEqual(["I4"])
  expectCaught(report, "I4", /gives ann 2 units, but the limit is 1/)
})

test("two orders under one key break I8", async () => {
  await simulated.decide({ kind: "amend", saleId: SALE_ID, terms: { limitPerCustomer: 2 } })
  evidence = await simulated.evidence()
  const fact = { ...evidence.facts[4]!, free: 0, sold: 4, seq: 7, orderId: "A7-FAKE", customerId: "ann", key: "ann-1" }
  evidence.facts = rechain([...evidence.facts, fact])
  evidence.orders.push({ ...evidence.orders[2]!, id: "A7-FAKE", customerId: "ann", seq: 7 })
  follow()
  const report = await auditEvidence(evidence, false)
  expect(broken(report)).toEqual(["I8"])
  expectCaught(report, "I8", /fact 7 gives ann order A7-FAKE under the key of order A3-/)
})

test("orders created before opening or while paused break W1, and a wrong price breaks I14", async () => {
  const [created, stocked, sold] = evidence.facts
  const { opensAt } = created!.terms as { opensAt: number }
  const adminFact = (fact: Fact): Fact => ({ ...fact, sku: undefined, orderId: undefined, customerId: undefined })
  const early = { ...created!, at: opensAt - 5 }
  const facts = [early, { ...stocked!, at: opensAt - 5 }, { ...sold!, at: opensAt - 1 }]
  const paused = {
    ...adminFact(sold!),
    kind: "paused" as const,
    key: undefined,
    quantity: undefined,
    unitPrice: undefined,
  }
  const cheap = { ...evidence.facts[3]!, orderId: "A5-FAKE", unitPrice: { amount: 1, currency: "IDR" } }
  evidence = { ...evidence, orders: [], facts: rechain([...facts, paused, cheap]) }
  const report = await auditEvidence(evidence, false)
  expectCaught(report, "W1", /fact 3 creates order A3-\d+ although it opens 1 ms later/)
  expectCaught(report, "W1", /fact 5 creates order A5-FAKE although the sale has been paused since fact 4/)
  expectCaught(report, "I14", /fact 5 \(order A5-FAKE\) charges 1 IDR for shoe, which costs 100 IDR/)
})

/** Facts of a newer build, one of them with data, over the wire and back. */
async function newerEvidence(): Promise<Evidence> {
  simulated = await SimulatedSale.open({ checkout: "hold", holdSeconds: 60 }, newerRules)
  const [answer] = await simulated.buy([{ customer: "ann", key: "k1" }])
  await simulated.decide({ kind: "confirm", orderId: answer!.order!.id })
  return simulated.evidence()
}

test("altered data of a fact breaks I10", async () => {
  const told = await newerEvidence()
  expect(broken(await auditEvidence(told))).toEqual([])
  expect(told.facts[4]).toMatchObject({ kind: "paid", data: NEWER_DATA })
  const alterations: Fact["data"][] = [
    { ...NEWER_DATA, provider: "a | c" },
    { ...NEWER_DATA, amounts: [] },
    { ...NEWER_DATA, more: 1 },
    {},
    undefined,
  ]
  for (const data of alterations) {
    const facts = told.facts.with(4, { ...told.facts[4]!, data })
    expectCaught(await auditEvidence({ ...told, facts }), "I10", /the hash of fact 5 does not match/)
  }
})

test("data with its fields in another order passes", async () => {
  const told = await newerEvidence()
  const reversed = Object.fromEntries(Object.entries(told.facts[4]!.data!).reverse())
  const facts = told.facts.with(4, { ...told.facts[4]!, data: reversed })
  expect(broken(await auditEvidence({ ...told, facts }))).toEqual([])
})

test("times that go back by more than two seconds are a clock that was put right, at most ten times", async () => {
  const { facts } = evidence
  const last = facts.at(-1)!
  const setBack = (times: number) => {
    evidence.facts = facts.map(fact => ({ ...fact }))
    for (let at = 0; at < times; at++) {
      const seq = last.seq + 2 * at
      const clock = { saleId: last.saleId, kind: "paused" }
      evidence.facts.push({ ...clock, seq: seq + 1, at: last.at + 3_600_000, hash: "" })
      evidence.facts.push({ ...clock, kind: "resumed", seq: seq + 2, at: last.at, hash: "" })
    }
    evidence.facts = rechain(evidence.facts)
  }
  setBack(10)
  const report = await auditEvidence(evidence)
  expect(report.checks.find(({ name }) => name.startsWith("I10"))).toMatchObject({
    ok: true,
    detail: expect.stringContaining("the clock was put right 10 times, by 3600.0 s at most"),
  })
  setBack(11)
  expectCaught(
    await auditEvidence(evidence),
    "I10",
    /is 3600000 ms older than the fact before it, and 10 others are, too/,
  )
})
