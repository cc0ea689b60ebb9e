import { beforeEach, expect, test } from "bun:test"
import type { Completion, HistoryLine } from "../../src/audit/history.ts"
import { auditEvidence, broken, expectCaught } from "./audit-evidence.ts"
import { type Evidence, SALE_ID, SimulatedSale } from "./simulated-sale.ts"

let simulated: SimulatedSale
let evidence: Evidence

/** Two shoes: ann (op 1, fact 3) and bob (op 2, fact 4) have them, cyd (op 3) is refused at fact 4. */
beforeEach(async () => {
  const price = { amount: 100, currency: "IDR" }
  simulated = await SimulatedSale.open({ items: [{ sku: "shoe", name: "Shoe", price, total: 2 }] })
  for (const customer of ["ann", "bob", "cyd"]) await simulated.buy([{ customer, key: `${customer}-1` }])
  evidence = await simulated.evidence()
})

/** Changes the recorded answer to request `op`. */
function told(op: number, change: Partial<Completion>): void {
  const index = evidence.history.findIndex(line => line.op === op && line.type !== "invoke")
  evidence.history[index] = { ...evidence.history[index], ...change } as HistoryLine
}

function ask(op: number, t: number, customer: string, key: string, answer: Partial<Completion>): void {
  evidence.history.push(
    { type: "invoke", op, t, sale: SALE_ID, customer, key, sku: "shoe", quantity: 1 },
    { type: "fail", op, t: t + 100, status: 409, ...answer },
  )
}

test("a correct history has no violations", async () => {
  expect((await auditEvidence(evidence)).violations).toEqual([])
})

test("an acknowledged order that is not in the journal breaks I5", async () => {
  told(2, { orderId: "A4-GONE" })
  expectCaught(await auditEvidence(evidence), "I5", /op 2 \(bob\) got order A4-GONE, which is not in the journal/)
})

test("an acknowledged order of another customer breaks I5", async () => {
  told(2, { orderId: evidence.orders[0]!.id, seq: 3 })
  expectCaught(await auditEvidence(evidence), "I5", /but the order belongs to ann under key ann-1/)
})

test("an order acknowledged in a wrong state or with a wrong fact breaks I5, and twice as new breaks I8", async () => {
  told(1, { state: "held" })
  told(2, { seq: 3 })
  const report = await auditEvidence(evidence)
  expectCaught(report, "I5", /op 1 \(ann\) was told that order A3-\d+ is held, but fact 3 says confirmed/)
  expectCaught(report, "I5", /op 2 \(bob\) got order A4-\d+ as of fact 3, which concerns something else/)
  const id = evidence.orders[0]!.id
  ask(9, 9_000, "ann", "ann-1", { type: "ok", status: 201, orderId: id, state: "confirmed", seq: 3 })
  expectCaught(await auditEvidence(evidence), "I8", /op 9 \(ann\) got order A3-\d+ as new for the second time/)
})

test("an order without a request breaks I6 only if the history claims to be complete", async () => {
  evidence.history = evidence.history.filter(line => line.op !== 2)
  expectCaught(
    await auditEvidence(evidence),
    "I6",
    /order A4-\d+ \(fact 4: 1 of shoe for bob\) has no request in the history/,
  )
  expect((await auditEvidence(evidence, false)).ok).toBe(true)
})

test("an order whose only request was refused breaks I7", async () => {
  told(2, { type: "fail", status: 503, code: "overloaded", seq: undefined, orderId: undefined, state: undefined })
  const report = await auditEvidence(evidence)
  expect(broken(report)).toEqual(["I7"])
  expectCaught(report, "I7", /order A4-\d+ of bob exists, but its only request was refused/)
})

test("a request with an unknown outcome may or may not have an order", async () => {
  told(2, { type: "info", status: 0, seq: undefined, orderId: undefined, state: undefined })
  expect((await auditEvidence(evidence)).ok).toBe(true)
  evidence.history = evidence.history.filter(line => line.op !== 2 || line.type === "invoke")
  expect((await auditEvidence(evidence)).ok).toBe(true)
})

test("a sold_out refusal for the key of an order breaks I8", async () => {
  ask(9, 9_000, "bob", "bob-1", { code: "sold_out", seq: 4 })
  expectCaught(
    await auditEvidence(evidence),
    "I8",
    /op 9 \(bob\) was refused as sold_out at fact 4, but order A4-\d+ had existed/,
  )
})

test("a sold_out refusal to a customer at the limit breaks I3, because limit_reached takes precedence", async () => {
  ask(9, 9_000, "bob", "bob-2", { code: "sold_out", seq: 4 })
  expectCaught(await auditEvidence(evidence), "I3", /limit_reached takes precedence: 1 \+ 1 exceed 1/)
})

test("a sold_out or all_held refusal that its fact does not confirm breaks I3", async () => {
  told(3, { seq: 3 })
  expectCaught(
    await auditEvidence(evidence),
    "I3",
    /op 3 \(cyd at node-1\) was refused as sold_out at fact 3, but 1 unit of shoe was free/,
  )
  told(3, { seq: 4, code: "all_held" })
  expectCaught(await auditEvidence(evidence), "I3", /refused as all_held at fact 4, but 0 of shoe were free and 0 held/)
  told(3, { seq: undefined, code: "sold_out" })
  expectCaught(await auditEvidence(evidence), "I3", /refused as sold_out, but the answer names no fact/)
  told(3, { seq: 99 })
  expectCaught(await auditEvidence(evidence), "I3", /as of fact 99, which is not in the journal/)
})

test.each([
  ["limit_reached", /0 \+ 1 do not exceed 1/],
  ["sale_paused", /the sale was active/],
  ["sale_closed", /the sale was active and has no closing time/],
])("a %s refusal without cause breaks I3", async (code, words) => {
  told(3, { code })
  expectCaught(await auditEvidence(evidence), "I3", words)
})

test("a key_reused refusal for an unused key breaks I8", async () => {
  told(3, { code: "key_reused" })
  expectCaught(
    await auditEvidence(evidence),
    "I8",
    /op 3 \(cyd at node-1\) was refused as key_reused, but no other purchase/,
  )
})

test("an order with another quantity than requested breaks I8", async () => {
  const invoke = evidence.history.find(line => line.op === 1)!
  Object.assign(invoke, { quantity: 2 })
  const report = await auditEvidence(evidence)
  expectCaught(report, "I8", /op 1 \(ann\) asked for 2 of shoe and got 1 of shoe/)
  expectCaught(report, "I6", /order A3-/)
})

test("an answer older than an answer received before its request breaks I13", async () => {
  await simulated.decide({ kind: "pause", saleId: SALE_ID })
  evidence = await simulated.evidence()
  ask(8, 900_000, "dan", "dan-1", { code: "sale_paused", seq: 5 })
  expect((await auditEvidence(evidence)).violations).toEqual([])
  ask(9, 1_500_000, "eve", "eve-1", { code: "sold_out", seq: 4 })
  const report = await auditEvidence(evidence)
  expect(broken(report)).toEqual(["I13"])
  expectCaught(report, "I13", /op 9 was answered as of fact 4, but op 8 had received fact 5 before that request/)
})

test("a refusal from memory may lag by a quarter of a second, an answer from the store may not", async () => {
  await simulated.decide({ kind: "amend", saleId: SALE_ID, terms: { limitPerCustomer: 2 } })
  evidence = await simulated.evidence()
  ask(8, 900_000, "dan", "dan-1", { code: "sold_out", seq: 5 })
  ask(9, 901_000, "eve", "eve-1", { code: "sold_out", seq: 4 })
  expect((await auditEvidence(evidence)).ok).toBe(true)
  ask(10, 902_000, "bob", "bob-2", { code: "limit_reached", seq: 4 })
  expectCaught(await auditEvidence(evidence), "I13", /op 10 was answered as of fact 4/)
})

test("the audit rejects a history that contradicts itself", async () => {
  const [invoke] = evidence.history
  await expect(auditEvidence({ ...evidence, history: [invoke!, invoke!] })).rejects.toThrow(
    "The history sends op 1 twice.",
  )
  await expect(auditEvidence({ ...evidence, history: [evidence.history[1]!] })).rejects.toThrow("which was not sent")
})
