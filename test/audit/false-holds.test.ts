import { beforeEach, expect, test } from "bun:test"
import type { Fact } from "../../src/wire/wire.ts"
import { auditEvidence, broken, expectCaught, rechain } from "./audit-evidence.ts"
import { type Evidence, OPENS_AT, SimulatedSale } from "./simulated-sale.ts"

let simulated: SimulatedSale
let evidence: Evidence

/** Ann confirms (facts 3, 5), Bob lets his hold expire (facts 4, 6). */
beforeEach(async () => {
  simulated = await SimulatedSale.open({ checkout: "hold", holdSeconds: 30 })
  const [ann] = await simulated.buy([{ customer: "ann", key: "ann-1" }])
  await simulated.buy([{ customer: "bob", key: "bob-1" }])
  await simulated.decide({ kind: "confirm", orderId: ann!.order!.id })
  simulated.now = OPENS_AT + 31_000
  await simulated.decide()
  evidence = await simulated.evidence()
})

/** Audits these facts with fitting hashes, as a broken store would have written them. */
async function lie(facts: Fact[]) {
  return auditEvidence({ ...evidence, facts: rechain(facts) }, false)
}

test("a correct sale with holds has no violations", async () => {
  const report = await auditEvidence(evidence)
  expect(report.violations).toEqual([])
  expect(report.checks.find(check => check.name.startsWith("I11"))!.detail).toMatch(
    /2 holds, 1 expired, the latest 1000 ms after its deadline, 0 open/,
  )
})

test("a hold that expires before its deadline breaks I11", async () => {
  const expired = { ...evidence.facts[5]!, at: OPENS_AT + 29_999 }
  expectCaught(
    await lie([...evidence.facts.slice(0, 5), expired]),
    "I11",
    /expires order A4-\d+ 1 ms before its deadline/,
  )
})

test("a hold that expires twice breaks I11 and I1", async () => {
  const [, , , , , expired] = evidence.facts
  const again = { ...expired!, held: expired!.held! - 1, free: expired!.free! + 1 }
  const report = await lie([...evidence.facts, again])
  expectCaught(report, "I11", /by fact 7 order A4-\d+ is released, but it has been released since fact 6/)
  expectCaught(report, "I1", /fact 7 leaves shoe at 10 free, -1 held, 1 sold/)
})

test("a confirmation after the deadline or after a release breaks I11", async () => {
  const late = { ...evidence.facts[5]!, kind: "confirmed" as const, reason: undefined }
  expectCaught(await lie([...evidence.facts.slice(0, 5), late]), "I11", /confirms order A4-\d+ 1000 ms after/)
  expectCaught(
    await lie([...evidence.facts, late]),
    "I11",
    /by fact 7 order A4-\d+ is confirmed, but it has been released/,
  )
})

test("a release of a confirmed order breaks I11", async () => {
  const released = { ...evidence.facts[4]!, kind: "released" as const, reason: "cancelled" as const }
  const report = await lie([...evidence.facts, released])
  expectCaught(report, "I11", /by fact 7 order A3-\d+ is released, but it has been confirmed since fact 5/)
})

test("a confirmation without a hold and a release of a missing order break I11", async () => {
  const [created, stocked, held, , , expired] = evidence.facts
  const instant = { ...held!, kind: "confirmed" as const }
  expectCaught(
    await lie([created!, stocked!, instant]),
    "I11",
    /creates order A3-\d+ as confirmed, but the checkout is hold/,
  )
  expectCaught(await lie([created!, stocked!, expired!]), "I11", /releases order A4-\d+, which no fact created/)
})

test("a hold whose length differs from the terms breaks I11", async () => {
  const facts = evidence.facts.map(fact => (fact.payBefore ? { ...fact, payBefore: fact.payBefore + 1 } : fact))
  expectCaught(await lie(facts), "I11", /fact 3 holds order A3-\d+ until .*30\.001Z instead of .*30\.000Z/)
})

test("a final fact that describes the order differently breaks I11", async () => {
  const facts = evidence.facts.map((fact, index) => (index === 5 ? { ...fact, quantity: 2 } : fact))
  expectCaught(await lie(facts), "I11", /fact 6 describes order A4-\d+ differently from fact 4/)
})

test("a hold that is still open six seconds after its deadline breaks I11", async () => {
  const swept = evidence
  const facts = swept.facts.slice(0, 5)
  evidence.sale = { ...swept.sale, seq: 5, hash: facts[4]!.hash, now: new Date(OPENS_AT + 36_000).toISOString() }
  evidence.sale.items[0] = { ...evidence.sale.items[0]!, free: 8, held: 1 }
  const { releaseReason: _, ...held } = { ...swept.orders[1]!, state: "held" as const, seq: 4 }
  const report = await auditEvidence({ ...evidence, facts, orders: [swept.orders[0]!, held] })
  expect(broken(report)).toEqual(["I11"])
  expectCaught(report, "I11", /order A4-\d+ is still held 6000 ms after its deadline/)
})

test("a release that is missing from the ledger breaks I9", async () => {
  const { releaseReason: _, ...held } = { ...evidence.orders[1]!, state: "held" as const, seq: 4 }
  const report = await auditEvidence({ ...evidence, orders: [evidence.orders[0]!, held] })
  expectCaught(report, "I9", /order A4-\d+: the ledger says fact 4, but its last fact is 6/)
})
